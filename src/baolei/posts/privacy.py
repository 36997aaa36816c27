"""Who held which post."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.posts.access import Can
from baolei.posts.models import Tenure

holds(
    Tenure,
    purpose=_("党组织班子成员任职"),
    ground=_("党章第三十条、基层组织选举工作条例"),
    seen=(Can.VIEW,),
)
