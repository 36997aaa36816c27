"""Members who are posted or paired."""

from django.utils.translation import gettext_lazy as _

from baolei.assistance.access import Can
from baolei.assistance.models import Pairing, Participation, Posting
from baolei.kernel.privacy import holds

holds(
    Posting,
    purpose=_("选派到村（社区）任职"),
    ground=_("农村基层组织工作条例"),
    seen=(Can.VIEW,),
)
holds(
    Pairing,
    purpose=_("结对帮扶"),
    ground=_("农村基层组织工作条例"),
    seen=(Can.VIEW,),
)
holds(
    Participation,
    purpose=_("参加帮扶的党员"),
    ground=_("农村基层组织工作条例"),
    seen=(Can.VIEW,),
)
