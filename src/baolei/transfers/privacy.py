"""Members on their way between organizations."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.transfers.access import Can
from baolei.transfers.models import Contact, PocketCase, Transfer

holds(
    Transfer,
    purpose=_("组织关系转接"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    PocketCase,
    purpose=_("“口袋党员”排查和处理"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    Contact,
    purpose=_("“口袋党员”的联系记录"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
