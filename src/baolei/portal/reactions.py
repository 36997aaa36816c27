"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business
from baolei.portal.access import CanComplaint
from baolei.portal.complaints.queries import complaints

business(
    _("未答复的投诉"),
    lambda organization, on: (
        complaints()
        .unscoped("a change of the tree looks at what is open")
        .filter(holder=organization, answered_on=None)
    ),
    permission=CanComplaint.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先答复或转交。"),
)
