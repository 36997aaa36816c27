"""What the area does when organizations close or merge (ORG-21)."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.assistance.access import Can
from baolei.assistance.models import Pairing, Posting
from baolei.kernel.business import Fate, business, standing

_TWO = Pairing.Kind.ORGANIZATION_ORGANIZATION


def _co_building(organization, on):
    """Pairings of two organizations, from whichever side."""
    found = Pairing.objects.unscoped("a change of the tree looks at both sides")
    sides = Q(organization=organization) | Q(helper=organization)
    return found.filter(sides, kind=_TWO, during__overlap=DateRange(on, None))


business(
    _("党组织结对共建"),
    _co_building,
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.ENDS,
    advice=_("请先登记结束日期。"),
)
for _words, _rows in (
    (_("选派任职"), lambda organization, on: standing(Posting, organization, on)),
    (_("包村包户结对"), lambda organization, on: standing(Pairing, organization, on).exclude(kind=_TWO)),
):
    business(_words, _rows, permission=Can.VIEW, close=Fate.FOLLOWS, merge=Fate.FOLLOWS)
