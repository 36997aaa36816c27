"""One valid row of any model of records, made from its fields: for walks over every address."""

from datetime import date
from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.urls import get_resolver

from baolei.kernel.pages.records import RecordList
from baolei.kernel.spells import days
from baolei.members.models import Member
from baolei.organizations.models import Organization, Unit

_numbers = count(1)

SPECIAL: dict[str, dict] = {
    "assistance:household": {"kind": "cadre_household", "unit": None, "helper": None, "number": 7},
    "assistance:pairing": {"kind": "unit_village", "member": None, "helper": None},
    "assistance:partner_pairing": {"partner": "A7"},
    "coverage:count": {"operating": 10, "as_of": date(2016, 12, 31)},
    "development:applicant": {
        "going_to": None,
        "stage": "left",
        "step": 1,
        "extended": 0,
        "deferred": 0,
        "outcome": "",
        "ended_on": date(2016, 5, 1),
        "probation_until": date(2017, 1, 1),
    },
    "posts:tenure": {"is_member": True},
    "projects:project": {"estate": ""},
    "reviews:debrief": {"state": "planned"},
    "reviews:round": {"state": "preparing", "waiver": ""},
    "standards:pay": {"measure": "secretary_pay"},
    "standards:threshold": {"base": ""},
    "transfers:pocket_case": {"outcome": "", "answer": "", "ending": "", "home": None},
    "transfers:report": {"result": "received", "closed_on": date(2016, 5, 1)},
    "transfers:transfer": {"outside": "", "refusal": "", "asked_by": "", "reissue": "", "check_code": ""},
}
"""Values that the constraints ask for beyond what the fields say, by the noun of the list."""


def record_lists() -> dict[str, type[RecordList]]:
    """Noun -> list page of every kind of record."""
    found = {}

    def look(resolver):
        for part in resolver.url_patterns:
            if hasattr(part, "url_patterns"):
                look(part)
            elif issubclass(getattr(part.callback, "view_class", object), RecordList):
                found[part.callback.view_class.noun] = part.callback.view_class

    look(get_resolver())
    return found


def any_row(
    noun: str, model: type[models.Model], organization: Organization, *, member: Member, unit: Unit
) -> models.Model:
    """A row at the organization, about the member and the unit where it is about any; other records are made."""
    given = SPECIAL.get(noun, {})
    values = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name == "uid":
            continue
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.is_relation:
            values[field.name] = _related(field, organization, member=member, unit=unit)
        else:
            values[field.name] = _value(field)
    return model._default_manager.create(**values)


def _related(field, organization, *, member, unit):
    target = field.related_model
    if target is Organization:
        # The second end of a record is another organization.
        return organization if field.name == field.model.scope.ends[0] else organization.parent
    if target is Member:
        return member
    if target is Unit:
        return unit
    return None if field.null else any_row("", target, organization, member=member, unit=unit)


def _value(field):
    if isinstance(field, DateRangeField):
        return days(date(2016, 1, 1), date(2016, 12, 31))
    if field.null:
        return None
    if isinstance(field, models.DateField):
        return date(2016, 1, 1)
    if field.choices:
        return field.choices[0][0]
    if field.name in ("year", "fiscal_year"):
        return 2016
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DecimalField):
        return Decimal(1)
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.BinaryField):
        return uuid4().bytes if field.unique else b""
    if isinstance(field, models.UUIDField):
        return uuid4()
    if field.name == "slip":  # stands in an address
        return f"ZOUCHA-{next(_numbers)}"
    return f"走查{next(_numbers)}"
