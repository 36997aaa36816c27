"""The register of members."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.privacy import holds
from baolei.members.access import Can
from baolei.members.models import Card, Interruption, Member, Membership


def _masked(member: Member) -> dict[str, str]:
    """Who answers the person sees no number and no day of birth (G-29): he reads them in his own file."""
    kept = {"id_number": member.id_sealed, "phone": member.phone_sealed}
    return {"birth_date": f"{member.birth_date:%Y}"} | {
        name: str(_("已加密保存")) for name, sealed in kept.items() if sealed
    }


holds(
    Member,
    purpose=_("党员名册：登记、联系、统计"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
    told=_masked,
)
holds(
    Membership,
    purpose=_("历次所在党支部"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    Interruption,
    purpose=_("停止党籍、离开和重新入册的起止"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
)
holds(
    Card,
    purpose=_("给没有手机的党员出示的码卡"),
    ground=_("党员教育管理工作条例（党员名册、组织关系和党籍管理）"),
    seen=(Can.VIEW,),
    untold=frozenset({"code"}),
)
