"""What the area does when organizations close or merge (ORG-21)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.accounts.access import Can
from baolei.accounts.models import Grant
from baolei.kernel.business import Fate, business, standing

# Nobody keeps a role in what is not open, and no change of the tree takes one away in passing.
business(
    _("账号的角色"),
    lambda organization, on: standing(Grant, organization, timezone.localdate()),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先在“账号”中收回，或改授承接党组织的角色。"),
)
