"""What the area does when organizations close or merge (ORG-21)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import after
from baolei.kernel.business import Fate, business
from baolei.reviews.access import Can
from baolei.reviews.models import Debrief, Finding, Goal, Round

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
business(
    _("未办结的民主评议"),
    lambda organization, on: (
        Round.objects.unscoped("a change of the tree looks at open rounds")
        .filter(organization=organization)
        .exclude(state__in=Round.OVER)
    ),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先办结，或者请上级取消。"),
)


@after("members.member.erase")
def forget_words(member, *, actor, **_arguments) -> None:
    """What he wrote about himself goes with who he was (G-28)."""
    Finding.objects.unscoped("the words of one who is erased").filter(member=member).update(words="")
    Goal.objects.unscoped("the words of one who is erased").filter(member=member).update(
        words="", progress=""
    )
