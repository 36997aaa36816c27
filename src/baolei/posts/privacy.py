"""Who held which post."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.posts.access import Can
from baolei.posts.models import Tenure

holds(
    Tenure,
    whose=_("党员"),
    purpose=_("党组织班子成员任职"),
    ground=_("党章第三十条、基层组织选举工作条例"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
