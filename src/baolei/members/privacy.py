"""The register of members."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.kernel.secrets import open_field
from baolei.members.access import Can
from baolei.members.models import Member, Membership


def _opened(member: Member) -> dict[str, str]:
    return {name: value for name in ("id_number", "phone") if (value := open_field(member, name))}


holds(
    Member,
    whose=_("党员"),
    purpose=_("党员名册：登记、联系、统计"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
    opened=_opened,
)
holds(
    Membership,
    whose=_("党员"),
    purpose=_("历次所在党支部"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    kept=_("党籍存续期间及以后；删除个人信息后只剩编号"),
    seen=(Can.VIEW,),
)
