"""Two officers at once: a step is done once, a place of the plan is given once."""

from datetime import date

import pytest

from baolei.development import actions
from baolei.development.models import Applicant, Entry
from baolei.development.tests.way import Way
from baolei.members.models import Member
from baolei.members.tests.factories import make_id_number
from baolei.transfers.tests.test_two_at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def way(transactional_db, time_machine):
    time_machine.move_to("2026-11-30T02:00:00Z", tick=False)
    return Way()


def test_two_who_approve_at_once_admit_once(way):
    applicant = way.until(16)
    ended = at_once(*[lambda: way.take(applicant, 17)] * 2)
    assert ended[0] == "" and "已经办过" in ended[1]
    assert Entry.rows.filter(number=17).count() == Member.rows.filter(name="申试行").count() == 1


def test_two_who_apply_with_one_number_at_once_enter_one(way):
    number = make_id_number(birth_date=date(1999, 1, 1))
    ended = at_once(*[lambda: way.applied(id_number=number)] * 2)
    assert ended[0] == "" and ended[1]
    assert Applicant.rows.count() == 1


def test_the_last_place_of_a_plan_is_given_once(way):
    root = way.actor("province_officer", way.county)
    actions.set_plan(way.county, actor=root, year=2025, quota=1)
    one = way.until(16)
    two = way.until(16, way.applied(id_number=make_id_number(birth_date=date(1999, 1, 2))))
    ended = at_once(lambda: way.take(one, 17), lambda: way.take(two, 17))
    assert ended[0] == "" and "ADM-10" in ended[1]
    assert Applicant.rows.filter(stage="probationary").count() == 1
