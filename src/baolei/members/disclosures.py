"""Views of what is masked, and lists that leave the product: each is an event that the person sees (G-22, G-30)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baolei.kernel import audit
from baolei.kernel.actions import action
from baolei.kernel.scope import ScopedQuerySet
from baolei.kernel.secrets import open_field
from baolei.members.access import Can
from baolei.members.models import Member

SEEN = ("members.member.reveal", "members.member.exported", "privacy.person.give")
"""The events that "who saw my file" lists."""

audit.WORDS["members.member.exported"] = _("列入导出的名单")


@action("members.member.reveal", words=_("查看完整号码"), needs=Can.REVEAL)
def reveal_number(member, *, actor, field: str, purpose: str, role: str) -> str:
    """The clear value of `field` ("id_number" or "phone"), "" when the file has none. The event is the price.

    Raises ValidationError for an erased person, Unreadable for a damaged value: nothing was shown, so there is
    no event either.
    """
    if member.is_erased:
        raise ValidationError(gettext("此人的个人信息已删除"))
    return open_field(member, field)


@action("members.member.export", words=_("导出党员名单"), needs=Can.EXPORT, private=("people",))
def export_members(
    target,
    *,
    actor,
    purpose: str,
    form: str,
    rows: int,
    filters: str,
    people: ScopedQuerySet,
    request: str = "",
) -> None:
    """Record that the actor takes a list of names, once for the list and once for each person.

    `people` are the rows taken, `request` the number of the request to which a second person agreed (G-30).
    """
    audit.record_names(
        "members.member.exported",
        actor=actor,
        rows=people.order_by("pk").values_list("pk", "branch_key", "id"),
        purpose=purpose,
        request=request,
        label=Member._meta.label,
    )
