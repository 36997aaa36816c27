"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.inspections.access import CanWeak
from baolei.inspections.models import WeakOrganization
from baolei.kernel.business import Fate, business, standing

# Who may not see it is not told that there is one (G-20).
business(
    _("未销号的软弱涣散认定"),
    lambda organization, on: standing(WeakOrganization, organization, on),
    permission=CanWeak.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先销号。"),
)
