"""What the area does when organizations close or merge (ORG-21)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business
from baolei.reviews.access import Can
from baolei.reviews.models import Debrief

business(
    _("未办结的述职评议"),
    lambda organization, on: Debrief.objects.unscoped("a change of the tree looks at both ends").filter(
        Q(organization=organization) | Q(superior=organization), closed_on=None
    ),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.STAYS,
    advice=_("请先办结。"),
)
