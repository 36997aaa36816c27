"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business, standing
from baolei.standards.access import Can
from baolei.standards.models import Facility, Mark, Threshold

business(
    _("标准线"),
    lambda organization, on: standing(Threshold, organization, on),
    permission=Can.VIEW,
    close=Fate.FIRST,
    merge=Fate.FIRST,
    advice=_("请先登记结束日期，需要继续的由承接党组织另行登记。"),
)
for _model, _words in ((Facility, _("场所")), (Mark, _("认定"))):
    business(
        _words,
        lambda organization, on, model=_model: standing(model, organization, on),
        permission=Can.VIEW,
        close=Fate.FOLLOWS,
        merge=Fate.FOLLOWS,
    )
