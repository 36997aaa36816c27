"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.community.access import Can
from baolei.community.models import CheckIn
from baolei.kernel.business import Fate, business, standing

business(
    _("社区报到"),
    lambda organization, on: standing(CheckIn, organization, on),
    permission=Can.VIEW,
    close=Fate.FOLLOWS,
    merge=Fate.FOLLOWS,
)
