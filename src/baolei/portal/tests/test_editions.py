"""An edition stays as it was told: rows, triggers, laws, withdrawal."""

from datetime import date
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from baolei.accounts.tests.factories import make_officer
from baolei.kernel import actions as kernel_actions
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import value
from baolei.kernel.laws import verify
from baolei.organizations.models import Organization
from baolei.portal import actions, queries
from baolei.portal.breakdown import breakdown
from baolei.portal.lookback.facts import edition_facts
from baolei.portal.models import WITHHELD, Edition, EditionFigure, EditionPart, EditionPlace
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


# Editions of several organizations ---------------------------------------------------------------------------


def shown(edition: Edition, code: str = "members.total") -> dict[str, int | None]:
    """Name -> number on the public page; None where it is hidden."""
    return {line.name or "": line.numerator for line in breakdown(told(edition, code))}


@pytest.fixture
def few():
    """Three members at the province itself, nobody else but the prefecture's two counties."""
    land = make_land()
    enrol(land.branches["东山县"], 60, sex="2")
    enrol(land.branches["西岭县"], 40, sex="1")
    enrol(land.branches["松江省"], 3)
    return land


def test_a_prefecture_does_not_tell_its_whole_beside_the_three_members_of_the_province(few):
    above = make_edition(few.province)
    assert shown(above)["平川市"] is None and shown(above)[""] is None

    own = make_edition(few.prefecture)
    assert told(own, "members.total").status == WITHHELD
    # Another figure over the same rows would tell the cases too.
    assert told(own, "members.structure.women").status == WITHHELD
    assert edition_facts(own).get("members.total") is None
    assert breakdown(told(own, "members.total")) == []
    assert [f["violations"] for f in verify("editions.")] == [0, 0]


def test_a_province_does_not_tell_its_whole_where_its_only_prefecture_has_told_its_own(few):
    own = make_edition(few.prefecture)
    before = shown(own)
    above = make_edition(few.province)
    assert told(own, "members.total").status == "ok"
    assert told(above, "members.total").status == WITHHELD
    assert shown(own) == before


def test_a_withdrawn_edition_is_not_forgotten(few):
    actions.withdraw(make_edition(few.prefecture), actor=SYSTEM, document="组字2017年第3号")
    assert told(make_edition(few.province), "members.total").status == WITHHELD


def test_the_bare_value_of_an_earlier_year_end_counts_as_well(few):
    """The prefecture tells 2016 without parts; the province's edition hides its whole of that day."""
    make_edition(few.province)
    own = make_edition(few.prefecture, first_year=2015, last_year=2017)
    assert told(own, "members.total").status == WITHHELD
    assert told(own, "members.total", date(2017, 12, 31)).status == "ok"
    assert edition_facts(own).get("members.total") is not None


def test_a_whole_that_hides_nothing_is_told_beside_the_one_above(land):
    above, own = make_edition(land.province), make_edition(land.prefecture)
    assert told(own, "members.total").status == "ok"
    assert shown(above) == {"平川市": 13, "东山县": 6, "西岭县": 7, "": 8}
    assert shown(own) == {"东山县": 6, "西岭县": 7}


@pytest.mark.django_db(transaction=True)
class TestSnapshot:
    """Real transactions: what others write during a release is not in it."""

    def test_everything_is_from_one_moment(self, monkeypatch):
        land = make_land()
        enrol(land.branches["东山县"], 6)
        freeze_places = actions._freeze_places

        def others_write(*args):
            freeze_places(*args)

            def write():
                enrol(land.branches["东山县"], 5)
                connection.close()

            other = Thread(target=write)
            other.start()
            other.join()

        monkeypatch.setattr(actions, "_freeze_places", others_write)
        edition = make_edition(land.province)
        assert value(figure("members.total"), land.province, on=LAST, exact=True).value == 11
        days = [date(year, 12, 31) for year in range(2012, 2017)]
        assert [told(edition, "members.total", day).value for day in days] == [6] * 5
        assert verify("editions.")[0]["violations"] == 0

    def test_a_change_of_the_organization_meanwhile_is_a_plain_refusal(self, monkeypatch):
        land = make_land()
        own_lock = kernel_actions._locked

        def changed_before(target):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM organizations_organization LIMIT 1")  # takes the snapshot

            def write():
                Organization.rows.filter(pk=land.province.pk).update(short_name="松江")
                connection.close()

            other = Thread(target=write)
            other.start()
            other.join()
            return own_lock(target)

        monkeypatch.setattr(kernel_actions, "_locked", changed_before)
        with pytest.raises(ValidationError, match="稍后再试"):
            make_edition(land.province)
        assert not Edition.rows.exists()

    def test_a_release_waits_for_the_one_before_it(self, monkeypatch):
        land = make_land()
        enrol(land.branches["东山县"], 60)
        enrol(land.branches["松江省"], 3)
        made, freeze_places = [], actions._freeze_places

        def release_below():
            made.append(make_edition(land.prefecture))
            connection.close()

        other = Thread(target=release_below)

        def other_begins(*args):
            if not other.ident:
                other.start()
                other.join(0.5)
                assert not made
            freeze_places(*args)

        monkeypatch.setattr(actions, "_freeze_places", other_begins)
        make_edition(land.province)
        other.join(30)
        assert told(made[0], "members.total").status == WITHHELD
