"""An edition stays as it was told: rows, triggers, laws, withdrawal."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from baolei.accounts.tests.factories import make_officer
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.portal import actions, queries
from baolei.portal.models import Edition, EditionFigure, EditionPart, EditionPlace
from baolei.portal.tests.factories import SYSTEM, enrol, make_edition, make_land

pytestmark = pytest.mark.django_db

LAST = date(2016, 12, 31)


@pytest.fixture
def land():
    land = make_land()
    enrol(land.branches["东山县"], 6)
    enrol(land.branches["西岭县"], 7, sex="2")
    enrol(land.branches["松江省"], 8, joined_on=date(2014, 7, 1))
    return land


def told(edition: Edition, code: str, day: date = LAST) -> EditionFigure:
    return edition.figures.get(code=code, as_of=day)


def test_release_freezes_values_words_parts_and_places(land):
    edition = make_edition(land.province)

    total = told(edition, "members.total")
    assert total.value == 21 and total.written == "21"
    assert total.definition == figure("members.total").definition
    assert told(edition, "members.total", date(2012, 12, 31)).value == 13
    women = told(edition, "members.structure.women")
    assert (women.numerator, women.denominator) == (7, 21)
    assert set(total.parts.values_list("place_id", "numerator")) == {
        (land.branches["东山县"].pk, 6),
        (land.branches["西岭县"].pk, 7),
        (land.branches["松江省"].pk, 8),
    }
    assert list(edition.places.order_by("key").values_list("name", "level")) == [
        ("松江省", "province"),
        ("平川市", "prefecture"),
        ("东山县", "county"),
        ("西岭县", "county"),
    ]
    assert edition.title == "松江省基层党建五年回眸（2012—2016年）"


def test_a_later_record_of_an_earlier_day_changes_the_live_figure_only(land):
    edition = make_edition(land.province)
    enrol(land.branches["东山县"], 2)

    assert value(figure("members.total"), land.province, on=LAST, exact=True).value == 23
    assert told(edition, "members.total").value == 21
    assert told(make_edition(land.province), "members.total").value == 23


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portal_edition SET title = 'x'",
        "UPDATE portal_edition SET state = 'draft', released_at = NULL",
        "UPDATE portal_edition SET state = 'withdrawn', withdrawn_at = now(), withdrawal_document = 'a', digest = ''",
        "DELETE FROM portal_edition",
        "UPDATE portal_editionfigure SET numerator = numerator + 1",
        "DELETE FROM portal_editionfigure WHERE NOT with_parts",
        "UPDATE portal_editionpart SET numerator = 0",
        "DELETE FROM portal_editionpart",
        "INSERT INTO portal_editionpart (figure_id, place_id, key, numerator) SELECT id, 0, '001', 1 "
        "FROM portal_editionfigure LIMIT 1",
        "UPDATE portal_editionplace SET name = 'x'",
        "DELETE FROM portal_editionplace",
        "INSERT INTO portal_editionplace (edition_id, key, name, level, region_code) "
        "SELECT id, 'zzz', 'x', 'county', '' FROM portal_edition",
    ],
)
def test_the_database_refuses_every_change_of_a_released_edition(land, statement):
    make_edition(land.province)
    with pytest.raises(DatabaseError, match="refuses"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_withdrawing_keeps_the_rows_and_is_final(land):
    edition = make_edition(land.province)
    withdrawn = actions.withdraw(edition, actor=SYSTEM, document=" 组字2017年第3号 ")

    assert withdrawn.withdrawal_document == "组字2017年第3号"
    assert told(edition, "members.total").value == 21
    with pytest.raises(ValidationError):
        actions.withdraw(edition, actor=SYSTEM, document="组字2017年第4号")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.rows.filter(pk=edition.pk).update(state="released", withdrawn_at=None, withdrawal_document="")


def test_withdrawing_needs_a_document_number(land):
    edition = make_edition(land.province)
    with pytest.raises(ValidationError):
        actions.withdraw(edition, actor=SYSTEM, document="  ")
    assert queries.headlines().count() == 1


def test_the_newest_edition_is_the_headline_and_the_one_before_follows_a_withdrawal(land):
    first, second = make_edition(land.province), make_edition(land.province)
    assert list(queries.headlines()) == [second]
    assert queries.later(first) == second
    assert queries.number_of(second) == 2
    actions.withdraw(second, actor=SYSTEM, document="组字2017年第3号")
    assert list(queries.headlines()) == [first]
    assert queries.later(first) is None


def test_laws_hold_after_release_and_withdrawal_and_see_a_forged_row(land):
    edition = make_edition(land.province)
    actions.withdraw(make_edition(land.prefecture), actor=SYSTEM, document="组字2017年第3号")
    assert [(f["law"], f["violations"]) for f in verify("editions.")] == [
        ("editions.immutable", 0),
        ("editions.parts-add-up", 0),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_editionpart DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE portal_editionpart SET numerator = numerator + 1 WHERE figure_id = %s",
            [told(edition, "members.total").pk],
        )
        cursor.execute("ALTER TABLE portal_editionpart ENABLE TRIGGER USER")
    assert [f["violations"] for f in verify("editions.")] == [1, 1]


def test_only_local_committees_in_reach_and_years_that_are_over(land):
    officer = make_officer(land.prefecture, role="province_officer")
    with pytest.raises(PermissionDenied):
        actions.release(land.province, actor=officer, first_year=2012, last_year=2016)
    with pytest.raises(PermissionDenied):
        reader = make_officer(land.province, role="department_officer")
        actions.release(land.province, actor=reader, first_year=2012, last_year=2016)
    for place, first, last in (
        (land.branches["东山县"], 2012, 2016),
        (land.province, 2016, 2012),
        (land.province, 2012, 2999),
        (land.province, 1999, 2016),
    ):
        with pytest.raises(ValidationError):
            actions.release(place, actor=SYSTEM, first_year=first, last_year=last)
    assert (
        not Edition.rows.exists() and not EditionPart.objects.exists() and not EditionPlace.objects.exists()
    )
