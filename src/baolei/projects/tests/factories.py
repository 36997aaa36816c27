"""Programmes, deeds, projects and appropriations for tests: the smallest valid rows."""

from datetime import date
from itertools import count

from baolei.organizations.models import Organization
from baolei.projects.models import Appropriation, Deed, Programme, Project

_numbers = count(1)


def make_programme(organization: Organization, kind: str = Programme.Kind.GENERAL, **given) -> Programme:
    number = next(_numbers)
    return Programme.rows.create(
        **{
            "ref": f"G{number}",
            "organization": organization,
            "kind": kind,
            "name": f"试验工程{number}",
            "planned_first": date(2013, 3, 1),
        }
        | given
    )


def make_year(organization: Organization, year: int) -> Programme:
    """The programme of good deeds of a year."""
    return make_programme(
        organization, Programme.Kind.DEEDS_OF_YEAR, year=year, planned_first=date(year, 1, 1)
    )


def make_deed(programme: Programme, **given) -> Deed:
    number = next(_numbers)
    return Deed.rows.create(
        **{
            "ref": f"D{number}",
            "programme": programme,
            "organization_id": programme.organization_id,
            "name": f"试验实事{number}",
        }
        | given
    )


def make_project(
    programme: Programme,
    organization: Organization,
    kind: str = Project.Kind.GENERAL,
    *,
    started: date | None = date(2014, 5, 1),
    accepted: date | None = None,
    cancelled: date | None = None,
    **given,
) -> Project:
    number = next(_numbers)
    return Project.rows.create(
        **{
            "ref": f"P{number}",
            "programme": programme,
            "organization": organization,
            "kind": kind,
            "name": f"试验项目{number}",
            "started_on": started,
            "accepted_on": accepted,
            "cancelled_on": cancelled,
        }
        | given
    )


def make_appropriation(organization: Organization, fund: str, amount, year: int = 2016) -> Appropriation:
    return Appropriation.rows.create(
        ref=f"A{next(_numbers)}",
        organization=organization,
        fund=fund,
        source="试验",
        fiscal_year=year,
        decided_on=date(year, 3, 1),
        amount=amount,
    )
