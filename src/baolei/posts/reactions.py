"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business, standing
from baolei.posts.access import Can
from baolei.posts.models import PartyOffice, Post, Tenure, Term

for _model, _words in ((Post, _("岗位")), (Tenure, _("任职")), (Term, _("届次"))):
    business(
        _words,
        lambda organization, on, model=_model: standing(model, organization, on),
        permission=Can.VIEW,
        close=Fate.FIRST,
        merge=Fate.ENDS,
        advice=_("请先登记结束日期。"),
    )
business(
    _("党建工作办公室"),
    lambda organization, on: standing(PartyOffice, organization, on),
    permission=Can.VIEW,
    close=Fate.FOLLOWS,
    merge=Fate.FOLLOWS,
)
