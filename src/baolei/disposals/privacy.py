"""What the area holds about members (G-02, G-27)."""

from django.utils.translation import gettext_lazy as _

from baolei.disposals.access import Can
from baolei.disposals.models import Disposal, Entry
from baolei.kernel.privacy import holds

_GROUND = _("党员教育管理工作条例；党章第九条")

holds(
    Disposal,
    purpose=_("组织处置：种类、依据的条款、办到哪一步，不记事由"),
    ground=_GROUND,
    seen=(Can.VIEW,),
)
holds(
    Entry,
    purpose=_("组织处置各步的日期、结果和文号"),
    ground=_GROUND,
    seen=(Can.VIEW,),
    person="disposal__member_id",
)
