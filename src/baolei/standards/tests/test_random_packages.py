"""Random packages of marks: an import takes what the constraints take, in any order of the rows, and never fails."""

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baolei.kernel.models import Batch
from baolei.kernel.spells import days
from baolei.kernel.tests.packages import bring
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Mark
from baolei.standards.tests.factories import overseer_id

pytestmark = pytest.mark.django_db

FIRST = date(2013, 1, 1)
MARKS = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(["M1", "M2", "M3", "M4"]),
        "village": st.booleans(),
        "kind": st.sampled_from([Mark.Kind.POOR_VILLAGE, Mark.Kind.WEAK_VILLAGE]),
        "from": st.integers(0, 6),
        "for": st.none() | st.integers(0, 4),  # days after the first one, None while it lasts
    }
)
PACKAGES = st.lists(MARKS, min_size=1, max_size=5)
_folders = count(1)


@pytest.fixture
def villages():
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    return [make_unit(make_branch(county)) for _number in range(2)]


def spell(mark) -> tuple[date, date | None]:
    first = FIRST + timedelta(mark["from"])
    return first, None if mark["for"] is None else first + timedelta(mark["for"])


def cells(mark, villages) -> dict[str, str]:
    first, last = spell(mark)
    return {
        "ref": mark["ref"],
        "unit": villages[mark["village"]].code,
        "kind": mark["kind"],
        "document": "1号",
        "from": str(first),
        "to": str(last or ""),
    }


def held(mark, villages) -> tuple:
    return mark["ref"], villages[mark["village"]].pk, mark["kind"], days(*spell(mark))


def registered() -> set[tuple]:
    return set(Mark.rows.values_list("ref", "unit_id", "kind", "during"))


def constraints_accept(package, villages) -> bool:
    """Whether the rows, in the place of those registered with their numbers, can all be inserted."""
    try:
        with transaction.atomic():
            Mark.rows.filter(ref__in={mark["ref"] for mark in package}).delete()
            for ref, unit_id, kind, during in (held(mark, villages) for mark in package):
                organization = overseer_id(next(v for v in villages if v.pk == unit_id))
                Mark.rows.create(
                    ref=ref,
                    unit_id=unit_id,
                    organization_id=organization,
                    kind=kind,
                    document="1号",
                    during=during,
                )
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def brought(folder: Path, package, villages, **how):
    """The import of the package, in a folder of its own."""
    return bring(folder / str(next(_folders)), marks=[cells(mark, villages) for mark in package], **how)


RANDOM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RANDOM
@given(before=PACKAGES, package=PACKAGES, data=st.data())
def test_an_import_takes_what_the_constraints_take(tmp_path, villages, before, package, data):
    with transaction.atomic():
        brought(tmp_path, before, villages, accept_good=True)
        known, fits = registered(), constraints_accept(package, villages)
        shuffled = data.draw(st.permutations(package))

        outcome = brought(tmp_path, package, villages)
        assert (outcome.problems == []) is fits, outcome.problems
        if fits:
            taken = {held(mark, villages) for mark in package}
            assert registered() == taken | {row for row in known if row[0] not in {ref for ref, *_ in taken}}
            counts = brought(tmp_path, shuffled, villages).counts["marks"]
            assert (counts["read"], counts["unchanged"]) == (len(package), len(package))
        else:
            assert (outcome.batch.state, registered()) == (Batch.State.REFUSED, known)
            assert brought(tmp_path, shuffled, villages).batch.state == Batch.State.REFUSED
        transaction.set_rollback(True)


@RANDOM
@given(before=PACKAGES, package=PACKAGES)
def test_the_good_rows_alone_are_taken_without_failure(tmp_path, villages, before, package):
    with transaction.atomic():
        brought(tmp_path, before, villages, accept_good=True)
        outcome = brought(tmp_path, package, villages, accept_good=True)
        refused = {problem.row for problem in outcome.problems}
        good = [mark for row, mark in enumerate(package, 2) if row not in refused]
        assert outcome.batch.state == Batch.State.DONE
        assert {held(mark, villages) for mark in good} <= registered()
        transaction.set_rollback(True)
