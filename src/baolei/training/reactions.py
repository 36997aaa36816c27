"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business, standing
from baolei.training.access import Can
from baolei.training.models import Base, StudyGroup

for _model, _words in ((Base, _("培训基地")), (StudyGroup, _("青马工程小组"))):
    business(
        _words,
        lambda organization, on, model=_model: standing(model, organization, on),
        permission=Can.VIEW,
        close=Fate.FIRST,
        merge=Fate.FIRST,
        advice=_("请先登记结束，需要继续的由承接党组织另行登记。"),
    )
