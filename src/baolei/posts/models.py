from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.records import DatedRecord
from baolei.kernel.spells import no_two_a_day
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit


def _dated(model: str) -> models.CheckConstraint:
    """The spell has a first day and holds at least one."""
    condition = Q(during__isempty=False) & Q(during__lower_inf=False)
    return models.CheckConstraint(name=f"posts_{model}_dated", condition=condition)


class PartyOffice(DatedRecord):
    """The Party-building office of a township or street, open from day to day; one a day.

    `organization` oversaw the unit when the office was entered (D17).
    """

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("管理的党组织")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("乡镇、街道"))
    name = models.TextField(_("名称"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "unit_id", "name", "during"})

    class Meta:
        constraints = [no_two_a_day("posts_partyoffice_one_a_day", "unit"), _dated("partyoffice")]


class Post(DatedRecord):
    """A leadership or Party-work post of an organization, whoever holds it; `office` where it belongs to one."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", _("书记")
        DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
        COMMITTEE_MEMBER = "committee_member", _("委员")
        OFFICE_HEAD = "office_head", _("党建工作办公室主任")
        PARTY_WORKER = "party_worker", _("党务干部")

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党组织")
    )
    kind = models.TextField(_("职务"), choices=Kind.choices)
    full_time = models.BooleanField(_("专职"))
    office = models.ForeignKey(
        PartyOffice,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("党建工作办公室"),
    )

    class Privacy:
        plain = frozenset({"ref", "organization_id", "kind", "full_time", "office_id", "during"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posts_post_kind",
                condition=Q(
                    kind__in=[
                        *("secretary", "deputy_secretary", "committee_member"),
                        *("office_head", "party_worker"),
                    ]
                ),
            ),
            _dated("post"),
        ]


class Term(DatedRecord):
    """A term of a committee, from the day of its election on; one a day."""

    scope = Scope(ends=("organization",))

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党组织")
    )
    elected_on = models.DateField(_("选举日期"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "elected_on", "during"})

    class Meta:
        constraints = [
            no_two_a_day("posts_term_one_a_day", "organization"),
            models.CheckConstraint(
                name="posts_term_elected", condition=Q(during__startswith__gte=models.F("elected_on"))
            ),
            _dated("term"),
        ]


class Tenure(DatedRecord):
    """Who holds a post from day to day; a holder outside the register is counted and not named.

    `organization` is the post's.
    """

    scope = Scope(ends=("organization",), person="member_id")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("党组织")
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("岗位"))
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("任职人")
    )
    is_member = models.BooleanField(_("在党员名单中"))

    class Privacy:
        plain = frozenset({"ref", "organization_id", "post_id", "member_id", "is_member", "during"})

    class Meta:
        constraints = [
            no_two_a_day("posts_tenure_one_a_day", "post"),
            models.CheckConstraint(
                name="posts_tenure_member",
                condition=Q(is_member=True, member__isnull=False) | Q(is_member=False, member=None),
            ),
            _dated("tenure"),
        ]
