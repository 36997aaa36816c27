"""Members for tests: valid identity numbers of nobody, a spell from joining on."""

import hashlib
from datetime import date
from itertools import count

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from stdnum.cn.ric import calc_check_digit

from baolei.members.codes import Occupation, Sex, Standing
from baolei.members.models import Member, Membership
from baolei.organizations.tests.factories import make_branch

_numbers = count(1)


def make_id_number(
    *,
    birth_date: date = date(1970, 3, 15),
    sex: str = Sex.MALE,
    serial: int | None = None,
) -> str:
    """An identity number with the right check digit; `serial` (0 to 499) keeps several apart on one birthday."""
    order = 2 * ((next(_numbers) if serial is None else serial) % 500) + (1 if sex == Sex.MALE else 0)
    head = f"222404{birth_date:%Y%m%d}{order:03d}"
    return head + calc_check_digit(head + "0")  # it leaves the last character out


class MemberFactory(factory.django.DjangoModelFactory):
    """`standing` other than probationary or formal needs `left_on`; the spell ends on that day."""

    class Meta:
        model = Member
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"王试{'一二三四五六七八九十'[n % 10]}")
    name_py = "wangshi"
    initials = "ws"
    sex = Sex.MALE
    birth_date = date(1970, 3, 15)
    ethnicity = "01"
    education = "21"
    occupation = Occupation.FARMER
    standing = Standing.FORMAL
    joined_on = date(2012, 7, 1)
    converted_on = factory.LazyAttribute(
        lambda o: (
            None if o.standing == Standing.PROBATIONARY else o.joined_on.replace(year=o.joined_on.year + 1)
        )
    )
    branch = factory.LazyFunction(make_branch)
    branch_key = factory.LazyAttribute(lambda o: o.branch.key)
    # Opaque bytes: tests about numbers enrol through the area's action.
    id_sealed = factory.Sequence(lambda n: f"sealed {n}".encode())
    key_wrapped = factory.Sequence(lambda n: f"wrapped {n}".encode())
    id_hash = factory.Sequence(lambda n: hashlib.sha256(f"number {n}".encode()).digest())
    id_tail_hash = factory.Sequence(lambda n: hashlib.sha256(f"tail {n}".encode()).digest())

    @factory.post_generation
    def spell(member, create, since, **given):
        """The membership since `joined_on` (or the day given as `spell=`); `spell=False` makes none."""
        if create and since is not False:
            Membership.rows.create(
                member=member,
                branch=member.branch,
                branch_key=member.branch_key,
                during=DateRange(since or member.joined_on, member.left_on, "[)"),
            )
