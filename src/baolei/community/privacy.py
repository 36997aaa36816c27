"""Members who serve in communities."""

from django.utils.translation import gettext_lazy as _

from baolei.community.access import Can
from baolei.community.models import CheckIn, ServiceRecord
from baolei.kernel.privacy import holds

holds(
    CheckIn,
    purpose=_("到社区报到"),
    ground=_("党员教育管理工作条例（党员发挥作用）"),
    seen=(Can.VIEW,),
)
holds(
    ServiceRecord,
    purpose=_("志愿服务记录"),
    ground=_("党员教育管理工作条例（党员发挥作用）"),
    seen=(Can.VIEW,),
)
