from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Scope
from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel, ScopedQuerySet
from baolei.kernel.spells import Spell, SpellQuerySet, no_two_a_day
from baolei.kernel.tree import KeyField
from baolei.members.codes import COUNTED, OUT, Occupation, Sex, Standing
from baolei.organizations.models import Organization, Unit


class Member(ScopedModel):
    """A member, past or present. Never deleted: an exit is a standing and an end of the last spell.

    `branch` is the branch of the present spell, or of the last one after an exit; `branch_key` is its key,
    held by a composite foreign key with ON UPDATE CASCADE (D2), and speaks of today only.
    The identity number and the phone number are sealed under a key of the person, itself wrapped by the
    province's key (D8); they are found by keyed hashes of the whole, or of the last four with the name (G-29).
    An erased person has an empty key, no numbers and no name; what figures fold stays (law `members.erased`).
    """

    scope = Scope(ends=("branch",), keys={"branch": "branch_key"}, person="pk")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.TextField(_("姓名"), db_collation="C")
    name_py = models.TextField(_("姓名拼音"), db_collation="C")
    initials = models.TextField(_("拼音首字母"), db_collation="C")
    sex = models.TextField(_("性别"), choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    ethnicity = models.TextField(_("民族"))
    education = models.TextField(_("学历"))
    occupation = models.TextField(_("职业"), choices=Occupation.choices)
    standing = models.TextField(_("党籍状态"), choices=Standing.choices)
    joined_on = models.DateField(_("入党日期"))
    converted_on = models.DateField(_("转正日期"), null=True)
    left_on = models.DateField(_("离开日期"), null=True)
    dues_paid_to = models.DateField(_("党费交至"), null=True)
    """The first day of the last month paid; no amounts (TRF-05)."""
    work_unit = models.ForeignKey(
        Unit,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("工作单位"),
        db_index=False,
    )
    # No constraint of its own: the composite one over (branch_id, branch_key) says more (migration 0002).
    # No index either: the one over the key finds the branch.
    branch = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("所在党支部"),
        db_constraint=False,
        db_index=False,
    )
    branch_key = KeyField()
    id_sealed = models.BinaryField(_("公民身份号码"))
    phone_sealed = models.BinaryField(_("联系电话"), null=True)
    key_wrapped = models.BinaryField()
    id_hash = models.BinaryField(unique=True)
    id_tail_hash = models.BinaryField()
    phone_hash = models.BinaryField(null=True)
    phone_tail_hash = models.BinaryField(null=True)

    class Privacy:
        """`plain` may stand in lists; `masked` shows only the named part, a full view is an event (G-28, G-29)."""

        plain = frozenset(
            {
                "name",
                "sex",
                "ethnicity",
                "education",
                "occupation",
                "standing",
                "joined_on",
                "converted_on",
            }
            | {"left_on", "dues_paid_to", "work_unit_id", "branch_id", "branch_key"}
        )
        masked = {"id_sealed": "last2", "phone_sealed": "last4", "birth_date": "year"}
        keep = "permanent"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="members_member_left",
                condition=Q(standing__in=COUNTED, left_on=None)
                | (~Q(standing__in=COUNTED) & Q(left_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="members_member_converted",
                condition=Q(converted_on=None) | Q(converted_on__gte=F("joined_on")),
            ),
            models.CheckConstraint(
                name="members_member_formal",
                condition=~Q(standing="formal") | Q(converted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="members_member_standing",
                condition=Q(standing__in=Standing.values),
            ),
            models.CheckConstraint(
                name="members_member_dues", condition=Q(dues_paid_to=None) | Q(dues_paid_to__day=1)
            ),
            models.CheckConstraint(
                name="members_member_phone",
                condition=Q(phone_sealed=None, phone_hash=None, phone_tail_hash=None)
                | Q(
                    phone_sealed__isnull=False,
                    phone_hash__isnull=False,
                    phone_tail_hash__isnull=False,
                ),
            ),
        ]
        # A move of the tree makes a new entry in each of these for every member (ADR 0006): one more needs a reason.
        indexes = [
            models.Index(name="members_member_key", fields=["branch_key"]),
            models.Index(name="members_member_py", fields=["name_py", "branch_key"]),
            models.Index(name="members_member_ini", fields=["initials", "name_py"]),
            models.Index(name="members_member_name", fields=["name", "branch_key"]),
            models.Index(name="members_member_phone", fields=["phone_hash"]),
        ]

    def __str__(self):
        return self.name

    @property
    def is_erased(self) -> bool:
        """True when the personal data were erased for good: an empty key opens nothing (G-28)."""
        return not self.key_wrapped


class MembershipQuerySet(ScopedQuerySet, SpellQuerySet):
    pass


class Membership(ScopedModel, Spell):
    """The spell of a member in a branch. At most one on any day by constraint, no gap by law (ORG-23)."""

    scope = Scope(ends=("branch",), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    rows = models.Manager()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="members_membership_one_branch_a_day",
                expressions=[
                    (F("member"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="members_membership_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
        ]


class Interruption(ScopedModel, Spell):
    """The time in which somebody of the register is out of it: suspended, or until he is taken in again (LST-01, ADM-09).

    It begins where a spell or another interruption ends; law `members.one-branch-a-day` allows no other gap.
    `branch` is the one left, `standing` the way. Where a second life in the Party follows, `joined_on` and
    `converted_on` are the dates of the life before; where the first one goes on they are empty.
    """

    scope = Scope(ends=("branch",), person="member_id")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    standing = models.TextField(_("党籍状态"), choices=Standing.choices)
    joined_on = models.DateField(_("原入党日期"), null=True)
    converted_on = models.DateField(_("原转正日期"), null=True)

    rows = models.Manager()
    objects = MembershipQuerySet.as_manager()

    class Privacy:
        plain = frozenset({"member_id", "branch_id", "during", "standing", "joined_on", "converted_on"})

    class Meta:
        constraints = [
            no_two_a_day("members_interruption_one_a_day", "member"),
            models.CheckConstraint(
                name="members_interruption_dated",
                condition=Q(during__isempty=False) & Q(during__lower_inf=False),
            ),
            models.CheckConstraint(
                name="members_interruption_standing",
                condition=Q(standing__in=OUT) & (Q(during__upper_inf=False) | Q(standing="suspended")),
            ),
            models.CheckConstraint(
                name="members_interruption_life",
                condition=Q(joined_on=None, converted_on=None)
                | Q(joined_on__isnull=False) & ~Q(standing="suspended"),
            ),
        ]


class Card(ScopedModel):
    """A printed card for a member without a telephone: an opaque code, no name on it; a new one ends the old (S02).

    Whoever scans it must sign in and be allowed to see the file.
    """

    scope = Scope(ends=("branch",), person="member_id")

    code = models.TextField(unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("党员"))
    branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("发卡党支部")
    )
    made_on = models.DateField(_("发卡日期"))
    ended_on = models.DateField(_("作废日期"), null=True)

    class Privacy:
        plain = frozenset({"member_id", "branch_id", "made_on", "ended_on"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="members_card_one_open", fields=["member"], condition=Q(ended_on=None)
            ),
        ]
