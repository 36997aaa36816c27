"""Members who serve in communities."""

from django.utils.translation import gettext_lazy as _

from baolei.community.access import Can
from baolei.community.models import CheckIn, ServiceRecord
from baolei.kernel.privacy import holds

holds(
    CheckIn,
    whose=_("党员"),
    purpose=_("到社区报到"),
    ground=_("党员教育管理工作条例（党员发挥作用）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
holds(
    ServiceRecord,
    whose=_("党员"),
    purpose=_("志愿服务记录"),
    ground=_("党员教育管理工作条例（党员发挥作用）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
