"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business, standing
from baolei.meetings.access import Can
from baolei.meetings.models import StudyCampaign

business(
    _("学习教育"),
    lambda organization, on: standing(StudyCampaign, organization, on),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.ENDS,
    advice=_("请先登记结束日期。"),
)
