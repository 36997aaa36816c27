"""Who attended which training."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.training.access import Can
from baolei.training.models import Attendance

holds(
    Attendance,
    purpose=_("参加教育培训的记录"),
    ground=_("党员教育管理工作条例（教育培训）"),
    seen=(Can.VIEW,),
)
