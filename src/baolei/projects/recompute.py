"""The rows of the figures of projects, read again in plain Python for the law `figures.equal-recompute`."""

from collections.abc import Iterator
from datetime import date

from baolei.kernel.figures.declare import Fact
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization, Place, Rest
from baolei.projects.models import Appropriation, Deed, Programme, Project
from baolei.standards.models import Mark

FIRST_ACCEPTED = date(2013, 1, 1)
ANSWERS = 30
"""Answers on a finished deed below which it says nothing about its praise."""
MERIT_FIRST, MERIT_LAST = date(2011, 1, 1), date(2015, 12, 31)


def whole_years(first: date, last: date) -> int:
    """The smallest n with `first` + n years >= `last`; 29 February is 28 February in other years."""
    years = last.year - first.year
    try:
        reached = first.replace(year=last.year)
    except ValueError:
        reached = date(last.year, 2, 28)
    return max(0, years + (reached < last))


def _by(day: date, on: date | None) -> bool:
    """True when something has happened by the day."""
    return on is not None and on <= day


def _lasting(day: date) -> set[int]:
    """The organizations that stand on the day or stood before it (A1)."""
    return {
        pk
        for model in (Place, Rest)
        for pk in model.objects.on(day).values_list("organization_id", flat=True)
    }


def _streamed(model, *related: str) -> Iterator:
    return (
        model.objects.unscoped("law figures.equal-recompute")
        .select_related(*related)
        .iterator(chunk_size=5000)
    )


def hall_upgrades(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    lasting = _lasting(day)
    for g in _streamed(Programme):
        if g.kind != Programme.Kind.HALL_UPGRADE or _by(day, g.cancelled_on):
            continue
        if g.organization_id not in lasting:
            continue
        projects = [
            j
            for j in Project.objects.unscoped("law figures.equal-recompute").filter(programme=g)
            if not _by(day, j.cancelled_on)
        ]
        first, facts = g.first_on or g.planned_first, {}
        if g.planned_first <= day and g.planned_last:
            facts["villages.hall_upgrade_planned_years"] = Fact(whole_years(g.planned_first, g.planned_last))
        if projects and first <= day and all(_by(day, j.accepted_on) for j in projects):
            last = max(j.accepted_on for j in projects)
            facts["villages.hall_upgrade_actual_years"] = Fact(whole_years(first, last))
        yield g.organization_id, facts


def projects(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    lasting, kinds = _lasting(day), Programme.Kind
    marks = Mark.objects.unscoped("law figures.equal-recompute").on(day).filter(kind=Mark.Kind.BORDER_VILLAGE)
    border = set(marks.values_list("unit_id", flat=True))
    committees = Organization.objects.unscoped("law figures.equal-recompute").filter(
        kind=Kind.LOCAL_COMMITTEE
    )
    tops = {o.pk for o in committees if o.level == "province"}
    for j in _streamed(Project, "programme"):
        if not _by(day, j.started_on) or j.organization_id not in lasting:
            continue
        going, programme, facts = not _by(day, j.cancelled_on), j.programme, {}
        if going and j.kind == Project.Kind.ENRICHMENT and programme.kind == kinds.CAMPAIGN:
            facts["assistance.enrichment_projects"] = Fact()
        if going and programme.kind == kinds.BORDER and j.unit_id in border:
            facts["projects.border_programme"] = Fact()
        carried_out = MERIT_FIRST <= j.started_on <= MERIT_LAST and not _by(
            min(day, MERIT_LAST), j.cancelled_on
        )
        if programme.kind == kinds.MERIT and programme.organization_id in tops and carried_out:
            facts["projects.organ_merit_projects"] = Fact()
        yield j.organization_id, facts


def estates(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    latest: dict[tuple[int, str], Project] = {}
    accepted = [
        j
        for j in _streamed(Project)
        if j.kind == Project.Kind.ESTATE and _by(day, j.accepted_on) and j.accepted_on >= FIRST_ACCEPTED
    ]
    for j in sorted(accepted, key=lambda j: (j.accepted_on, j.pk)):
        latest[j.unit_id, j.estate] = j
    lasting = _lasting(day)
    for j in latest.values():
        if j.organization_id in lasting:
            yield (
                j.organization_id,
                {
                    "projects.estates_renovated": Fact(),
                    "projects.estate_beneficiaries": Fact(j.beneficiaries),
                },
            )


def deeds(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    lasting = _lasting(day)
    for d in _streamed(Deed, "programme"):
        if d.organization_id not in lasting:
            continue
        # The year's count is one of rows: what is not of the year brings nothing, but is a row.
        of_year = d.programme.year == day.year and not _by(day, d.dropped_on)
        facts = {"projects.good_deeds_per_year": Fact(int(of_year))}
        if _by(day, d.finished_on) and d.asked is not None and d.asked >= ANSWERS:
            facts["service.good_deed_rating"] = Fact(d.satisfied, over=d.asked)
        yield d.organization_id, facts


def appropriations(day: date) -> Iterator[tuple[int, dict[str, Fact]]]:
    lasting = _lasting(day)
    for a in _streamed(Appropriation):
        if a.fiscal_year == day.year and a.organization_id in lasting:
            yield a.organization_id, {f"funds.{a.fund}_per_year": Fact(a.amount)}
