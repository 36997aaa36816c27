"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.coverage.access import Can
from baolei.coverage.models import DemonstrationPost
from baolei.kernel.business import Fate, business, standing

business(
    _("党员示范岗、责任区"),
    lambda organization, on: standing(DemonstrationPost, organization, on),
    permission=Can.VIEW,
    close=Fate.FOLLOWS,
    merge=Fate.FOLLOWS,
)
