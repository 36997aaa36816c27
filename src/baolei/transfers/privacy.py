"""Members on their way between organizations."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.transfers.access import Can
from baolei.transfers.models import PocketCase, Transfer

holds(
    Transfer,
    whose=_("党员"),
    purpose=_("组织关系转接"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
holds(
    PocketCase,
    whose=_("党员"),
    purpose=_("“口袋党员”排查和处理"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
