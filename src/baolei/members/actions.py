"""Enrolling members, moving them between branches, ending a membership, erasing who a person was."""

import os
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.kernel.calendar import months_after
from baolei.kernel.identity import BadNumber, check_identity, normal_number
from baolei.kernel.ids import random_letters
from baolei.kernel.imports.problems import MESSAGES
from baolei.kernel.models import BatchRow, StaleMark
from baolei.kernel.pinyin import name_pinyin
from baolei.kernel.secrets import HASH, sealer
from baolei.kernel.spells import hand_over
from baolei.members.access import Can
from baolei.members.codes import AGAIN, COUNTED, Standing
from baolei.members.models import Card, Interruption, Member, Membership
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.organizations.models import Organization, Unit


@dataclass(frozen=True)
class Enrolment:
    """One member as entered: what a row of the import says, too (D7).

    `left_on` is the day of the event that ended the last spell, None for a standing that counts. `earlier`
    holds the spells before `since`: branch, first day, and the day accepted elsewhere.
    """

    id_number: str
    name: str
    sex: str
    birth_date: date
    ethnicity: str
    education: str
    occupation: str
    standing: str
    joined_on: date
    since: date
    converted_on: date | None = None
    left_on: date | None = None
    work_unit: Unit | None = None
    phone: str = ""
    earlier: tuple[tuple[Organization, date, date], ...] = ()


@action(
    "members.member.enrol",
    words=gettext_lazy("登记党员"),
    needs=Can.EDIT,
    private=("enrolment",),
    tree="shared",
)
def enrol_member(branch: Organization, *, actor, enrolment: Enrolment, again: bool = False) -> Member:
    """Enter a member with the spell in `branch` and the spells before. Raises ValidationError.

    With `again` whoever left is taken in again, in the row that he has (ADR 0019): who comes back from another
    province as he was, and who was admitted anew after the day on which he left the Party (ADM-09).
    """
    given = _normalized(enrolment)
    _check_values(given)
    sealed = sealer().seal_person(given.id_number, given.phone, given.name)
    held = Member.rows.filter(id_hash=sealed.id_hash).select_for_update(of=("self",)).first()
    if held is not None:
        if not again:
            raise refusal_elsewhere()
        return _enrol_again(held, branch, given, sealed, actor)
    spells = sorted((*given.earlier, (branch, given.since, given.left_on)), key=lambda spell: spell[1])
    for (_branch, _first, until), (_next, first, _until) in pairwise(spells):
        if until != first:
            _refuse("spell.overlap" if until is None or until > first else "spell.gap")
    for place, first, until in spells:
        actor.require(Can.EDIT, place)
        _require_branch(place, first, until)
    py, initials = name_pinyin(given.name)
    member = Member.rows.create(
        name=given.name,
        name_py=py,
        initials=initials,
        sex=given.sex,
        birth_date=given.birth_date,
        ethnicity=given.ethnicity,
        education=given.education,
        occupation=given.occupation,
        standing=given.standing,
        joined_on=given.joined_on,
        converted_on=given.converted_on,
        left_on=given.left_on,
        work_unit=given.work_unit,
        branch=branch,
        branch_key=branch.key,
        **sealed._asdict(),
    )
    Membership.rows.bulk_create(
        Membership(member=member, branch=place, during=DateRange(first, until, "[)"))
        for place, first, until in spells
    )
    return member


EXPELLED_MONTHS = 60
"""How long after the day of expulsion nobody is admitted again (ADM-09)."""


def refusal_elsewhere() -> ValidationError:
    """The one answer wherever a person is registered, and for whatever reason (G-12)."""
    return ValidationError(str(MESSAGES["row.refused"][0]), code="row.refused")


def may_apply(id_hash: bytes, name: str, on: date) -> bool:
    """Whether the register lets the person with this number apply for membership on that day.

    That is: it does not hold him, or he has left the Party before. Expelled, he may apply, and is admitted five years
    after at the earliest: whoever takes the application does not learn that he was (G-12, ADM-09).
    """
    held = Member.rows.filter(id_hash=id_hash).first()
    return held is None or (held.name == name and held.standing in AGAIN and _out_since(held) <= on)


def _out_since(member: Member) -> date:
    """The day of the event by which he is out as he is: of the removal, too, when that came after a suspension."""
    last = Interruption.rows.filter(member=member, during__startswith__gte=member.left_on).order_by("-during")
    ended = [row.during.upper or row.during.lower for row in last[:1]]
    return ended[0] if ended else member.left_on


def _enrol_again(held: Member, branch: Organization, given: Enrolment, sealed, actor) -> Member:
    """The same row has a new spell. Raises ValidationError, which outside the actor's reach says one thing (G-12)."""
    if held.standing not in (*AGAIN, Standing.TRANSFERRED_OUT) or held.name != given.name:
        raise refusal_elsewhere()
    out = _out_since(held)
    same = held.standing == Standing.TRANSFERRED_OUT and given.joined_on == held.joined_on
    if given.since <= out or (not same and given.joined_on <= out):
        raise refusal_elsewhere()
    if same and held.converted_on not in (None, given.converted_on):
        raise refusal_elsewhere()
    earliest = months_after(out, EXPELLED_MONTHS)
    if held.standing == Standing.EXPELLED and given.joined_on < earliest:
        if not actor.can(Can.VIEW, held):
            raise refusal_elsewhere()
        raise ValidationError(
            _("此人于 %(day)s 被开除党籍，五年内不得重新入党，最早 %(earliest)s（ADM-09）。")
            % {"day": out, "earliest": earliest}
        )
    _require_branch(branch, given.since, None)
    values = {name: getattr(given, name) for name in _ANEW}
    if given.phone:
        values |= sealed._asdict()
    if not same:
        values["dues_paid_to"] = None
    return _take_back(held, branch, given.since, **values)


_ANEW = ("ethnicity", "education", "occupation", "standing", "joined_on", "converted_on", "work_unit")
"""What the register holds of somebody taken in again is what he brings."""


def _take_back(member: Member, branch: Organization, on: date, **values) -> Member:
    """The member counts in `branch` from the day `on`; since his last spell he was out of the register.

    `values` are what else changes in the row; another day of joining makes it a second life.
    """
    suspended = Interruption.rows.filter(member=member, during__upper_inf=True).first()
    since = suspended.during.lower if suspended else _out_since(member)
    if not since < on <= timezone.localdate():
        raise ValidationError(_("日期应在离开或停止党籍之后，不能晚于今天"))
    if suspended is None:
        suspended = Interruption(member=member, branch=member.branch, standing=member.standing)
    suspended.during = DateRange(since, on, "[)")
    if values.get("joined_on", member.joined_on) != member.joined_on:
        suspended.joined_on, suspended.converted_on = member.joined_on, member.converted_on
    suspended.save()
    left = member.branch
    values |= {"left_on": None, "branch": branch, "branch_key": branch.key}
    for name, value in values.items():
        setattr(member, name, value)
    member.save(update_fields=[*values])
    Membership.rows.create(member=member, branch=branch, during=DateRange(on, None, "[)"))
    mark_stale(left, branch)
    return member


def check_row(row, flaws: list[tuple[str, str]]) -> None:
    """What is wrong between the values of one member, as (column, code); dates are ISO texts or dates."""
    birth, sex = check_identity(row.id_number)
    if str(row.birth_date) != birth:
        flaws.append(("birth_date", "birth_date.id"))
    if row.sex != sex:
        flaws.append(("sex", "sex.id"))
    if row.joined_on <= row.birth_date:
        flaws.append(("joined_on", "dates.reversed"))
    if row.converted_on:
        if row.converted_on < row.joined_on:
            flaws.append(("converted_on", "dates.reversed"))
        if row.standing == Standing.PROBATIONARY:
            flaws.append(("converted_on", "converted_on.probationary"))
    elif row.standing == Standing.FORMAL:
        flaws.append(("converted_on", "converted_on.formal"))
    if row.since < row.joined_on:
        flaws.append(("since", "dates.reversed"))
    if row.standing in COUNTED:
        if row.left_on:
            flaws.append(("left_on", "left_on.counted"))
    elif not row.left_on:
        flaws.append(("left_on", "left_on.missing"))
    elif row.left_on <= row.since:
        flaws.append(("left_on", "dates.reversed"))


def _normalized(enrolment: Enrolment) -> Enrolment:
    values = {name: getattr(enrolment, name) for name in enrolment.__dataclass_fields__}
    values |= {
        "id_number": normal_number(enrolment.id_number),
        "phone": normal_number(enrolment.phone),
        "name": enrolment.name.strip(),
    }
    return Enrolment(**values)


def _check_values(given: Enrolment) -> None:
    flaws: list[tuple[str, str]] = []
    try:
        check_row(given, flaws)
    except BadNumber as bad:
        flaws.append(("id_number", f"id.{bad.code}"))
    today = timezone.localdate()
    dates = (given.birth_date, given.joined_on, given.converted_on, given.since, given.left_on)
    if any(day and day > today for day in dates):
        flaws.append(("since", "date.future"))
    if flaws:
        _refuse(flaws[0][1])


def _refuse(code: str) -> None:
    text, advice = MESSAGES[code]
    raise ValidationError(f"{text}。{advice}", code=code)


def _require_branch(branch: Organization, first: date, until: date | None) -> None:
    if branch.kind not in HOLDS_MEMBERS:
        _refuse("branch.kind")
    if first < branch.opened_on or (branch.closed_on and (until is None or until > branch.closed_on)):
        _refuse("branch.life")


@action("members.member.move", words=gettext_lazy("调整所在党支部"), needs=Can.EDIT, tree="shared")
def move_member(member: Member, *, actor, branch: Organization, on: date) -> Member:
    """The member belongs to `branch` from the day `on`; a second move on one day rewrites that day's spell.

    Both branches must lie in the actor's reach: a relation handed over between two reaches is a transfer.
    """
    # Read again under the lock on the tree: its life and its key are those of now.
    return _moved(member, Organization.rows.get(pk=branch.pk), on)


def note_dues(member: Member, month: date) -> None:
    """Part of a transfer: dues are paid to the end of the month that begins on that day. Raises ValidationError."""
    if (
        month.day != 1
        or month > timezone.localdate().replace(month=12, day=1)
        or month < member.joined_on.replace(day=1)
    ):
        raise ValidationError(_("请填写党费交至的月份，不早于入党之月，不晚于今年12月。"))
    member.dues_paid_to = month
    member.save(update_fields=["dues_paid_to"])


def hand_over_member(member: Member, branch: Organization, on: date) -> Member:
    """Part of a transfer: the member, whose row is locked, belongs to `branch` from the day `on`.

    The caller holds the tree and has read `branch` since. Who may is for the caller to ask: the two branches may lie
    in two reaches. Raises ValidationError.
    """
    left = member.branch
    member = _moved(member, branch, on)
    mark_stale(left, member.branch)
    return member


def convert_member(member: Member, converted_on: date) -> Member:
    """Part of a conversion: the probationary member is formal, his party age counts from `converted_on` (ADM-04).

    Who may is for the caller to ask. Raises ValidationError when he is not probationary.
    """
    member = Member.rows.select_for_update(of=("self",)).select_related("branch").get(pk=member.pk)
    if member.standing != Standing.PROBATIONARY:
        raise ValidationError(_("此人现在不是预备党员。"))
    member.standing, member.converted_on = Standing.FORMAL, converted_on
    member.save(update_fields=["standing", "converted_on"])
    mark_stale(member.branch)
    return member


def _moved(member: Member, branch: Organization, on: date) -> Member:
    spell = _open_spell(member)
    if branch.pk == spell.branch_id:
        raise ValidationError(_("已经在这个党支部"))
    _require_branch(branch, on, None)
    _require_day(spell, on)
    hand_over(
        Membership,
        holder="branch_id",
        by="member_id",
        old=spell.branch_id,
        new=branch.pk,
        on=on,
        only=[member.pk],
    )
    member.branch, member.branch_key = branch, branch.key
    member.save(update_fields=["branch", "branch_key"])
    return member


@action("members.member.end", words=gettext_lazy("登记离开"), needs=Can.EDIT)
def end_membership(member: Member, *, actor, standing: str, on: date) -> Member:
    """The member's last spell ends by the event of the day `on`: death, exit, or transfer out of the province."""
    if standing in COUNTED:
        raise ValidationError(_("请选择离开的方式"))
    return _ended(member, standing, on)


def suspend_member(member: Member, on: date) -> Member:
    """Part of a lost member's case: from the day `on` the membership is suspended and counts nowhere (LST-01).

    Who may, and whether it is time, is for the caller to ask. Raises ValidationError.
    """
    member = _ended(_hold(member), Standing.SUSPENDED, on)
    Interruption.rows.create(
        member=member, branch=member.branch, standing=Standing.SUSPENDED, during=DateRange(on, None, "[)")
    )
    mark_stale(member.branch)
    return member


def remove_suspended(member: Member, on: date) -> Member:
    """Part of a lost member's case: who is suspended is removed on the day `on` (LST-02). Raises ValidationError."""
    member = _hold(member)
    spell = Interruption.rows.filter(member=member, during__upper_inf=True).first()
    if spell is None or member.standing != Standing.SUSPENDED:
        raise ValidationError(_("此人没有停止党籍"))
    if not spell.during.lower < on <= timezone.localdate():
        raise ValidationError(_("日期应在停止党籍之后，不能晚于今天"))
    spell.during = DateRange(spell.during.lower, on, "[)")
    spell.save(update_fields=["during"])
    member.standing = Standing.REMOVED
    member.save(update_fields=["standing"])
    mark_stale(member.branch)
    return member


RESTORED = (Standing.SUSPENDED, Standing.REMOVED, Standing.ADVISED_OUT, Standing.EXPELLED)


def restore_member(member: Member, on: date, *, branch: Organization | None = None) -> Member:
    """Part of a case: who was suspended (LST-03), or whose exit was revoked, counts again from the day `on`.

    In his last branch, or in `branch` when that one is closed. It is the same life: his dates stay. Who may is for
    the caller to ask. Raises ValidationError: he did not leave that way, on probation then, the branch is closed.
    """
    member = _hold(member)
    if member.standing not in RESTORED:
        raise ValidationError(_("此人没有停止党籍，也没有被除名、劝退或者开除党籍"))
    if member.converted_on is None:
        raise ValidationError(_("离开时是预备党员的不恢复：在国内的取消预备党员资格（LST-03）。"))
    branch = branch or member.branch
    _require_branch(branch, on, None)
    return _take_back(member, branch, on, standing=Standing.FORMAL)


def _hold(member: Member) -> Member:
    """The member's row as it is now, locked."""
    return Member.rows.select_for_update(of=("self",)).select_related("branch").get(pk=member.pk)


def _ended(member: Member, standing: str, on: date) -> Member:
    spell = _open_spell(member)
    _require_day(spell, on)
    if spell.during.lower == on:
        raise ValidationError(_("离开日期应在转入本支部之后"))
    spell.during = DateRange(spell.during.lower, on, "[)")
    spell.save(update_fields=["during"])
    member.standing, member.left_on = standing, on
    member.save(update_fields=["standing", "left_on"])
    return member


@action("members.member.card", words=gettext_lazy("发党员码卡"), needs=Can.EDIT)
def make_card(member: Member, *, actor) -> Card:
    """A new card; one that he has is void from now on. Raises ValidationError for who does not count."""
    if member.standing not in COUNTED:
        raise ValidationError(_("此人已不在册"))
    today = timezone.localdate()
    Card.rows.filter(member=member, ended_on=None).update(ended_on=today)
    return Card.rows.create(member=member, branch=member.branch, code=random_letters(CARD), made_on=today)


CARD = 16
"""Letters of a card's code."""
ERASED_NAME = "已删除"
DOCUMENT_LONGEST = 60


@action("members.member.erase", words=gettext_lazy("删除个人信息"), needs=Can.ERASE, veiled=True)
def erase_member(member: Member, *, actor, document: str) -> Member:
    """Take away for good who a person was: the key, the numbers, all hashes of them, the name (G-28).

    Spells and everything else that figures fold stay, so that no figure changes. `document` is the number of
    the paper that orders it. Raises ValidationError without one, for somebody whose standing counts or may count
    again (a suspended membership can be restored), and for somebody erased before.
    """
    if not 0 < len(document.strip()) <= DOCUMENT_LONGEST:
        raise ValidationError(_("请填写批准删除的文号，60 字以内"))
    if member.standing in (*COUNTED, Standing.SUSPENDED):
        raise ValidationError(_("在册或停止党籍的人不能删除个人信息"))
    if member.is_erased:
        raise ValidationError(_("此人的个人信息已经删除"))
    gone = {
        "name": ERASED_NAME,
        "name_py": "",
        "initials": "",
        "key_wrapped": b"",
        "id_sealed": b"",
        "id_hash": os.urandom(HASH),  # must be there and its own; no number has it
        "id_tail_hash": b"",
        "phone_sealed": None,
        "phone_hash": None,
        "phone_tail_hash": None,
    }
    for name, value in gone.items():
        setattr(member, name, value)
    member.save(update_fields=[*gone])
    Card.rows.filter(member=member, ended_on=None).update(ended_on=timezone.localdate())
    # What imports changed of the row, as it was before.
    BatchRow.objects.filter(model=Member._meta.label, row_id=member.pk).delete()
    return member


def carry(branch: Organization, to: Organization, on: date, members: list[int] | None = None) -> None:
    """Part of a change of the tree: from the day `on` members of `branch` (all, or these) belong to `to`.

    Spells that began before are cut, later ones rewritten, in a few statements for any number. The members' rows
    are locked first, as every writer of a spell does. Raises ValidationError when `to` cannot have members.
    """
    spells = "branch_id = %s AND during && daterange(%s, NULL)" + (
        "" if members is None else " AND member_id = ANY(%s)"
    )
    given = [branch.pk, on] + ([] if members is None else [members])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id FROM members_member WHERE id IN (SELECT member_id FROM members_membership WHERE {spells})
                ORDER BY id FOR UPDATE""",
            given,
        )
        carried = [pk for (pk,) in cursor.fetchall()]
        if not carried:
            return
        to = Organization.rows.get(pk=to.pk)
        _require_branch(to, on, None)
        hand_over(
            Membership, holder="branch_id", by="member_id", old=branch.pk, new=to.pk, on=on, only=members
        )
        cursor.execute(
            """UPDATE members_member SET branch_id = %s, branch_key = %s
               WHERE id = ANY(%s) AND branch_id = %s AND (left_on IS NULL OR left_on > %s)""",
            [to.pk, to.key, carried, branch.pk, on],
        )
    mark_stale(branch, to)


def mark_stale(*places: Organization) -> None:
    """Stored values of the register above these organizations are old (D4)."""
    StaleMark.leave([Member, Membership], [place.key for place in places])


def _open_spell(member: Member) -> Membership:
    spell = (
        Membership.rows.filter(member=member, during__upper_inf=True).select_for_update(of=("self",)).first()
    )
    if spell is None:
        raise ValidationError(_("此人已不在册"))
    return spell


def _require_day(spell: Membership, on: date) -> None:
    if on > timezone.localdate() or on < spell.during.lower:
        raise ValidationError(_("日期不能晚于今天，也不能早于转入现在支部之日"))
