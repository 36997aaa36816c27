"""What was done to an object, and who saw a person's file, read from the audit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from baolei.kernel.audit import words_of
from baolei.kernel.models import Event
from baolei.kernel.tree import node_model


@dataclass(frozen=True)
class Line:
    """One line of a history."""

    day: date
    at: datetime
    what: str
    office: str
    name: str
    purpose: str
    role: str
    changes: list[tuple[str, str, str]]


def of(row: models.Model, *, without: tuple[str, ...] = (), since: str = "", limit: int = 50) -> list[Line]:
    """The latest events about this object, newest first, those of the actions in `without` left out.

    With `since` nothing before the latest event of that action.
    """
    found = Event.objects.filter(target_model=row._meta.label, target_id=row.pk).exclude(action__in=without)
    if since:
        latest = found.filter(action=since).order_by("-id").values_list("id", flat=True).first()
        found = found.filter(id__gte=latest or 0)
    return [_line(event) for event in found.order_by("-day", "-id")[:limit]]


def views_of(person_id: int, actions: tuple[str, ...], *, limit: int = 100) -> list[Line]:
    """Who saw a person's file, newest first: the caller shows office, role, purpose and day, no name (G-22).

    Besides `actions`, every list that left the product with the person in it: events that end in "exported".
    """
    seen = Q(action__in=actions) | Q(action__endswith=".exported")
    found = Event.objects.filter(seen, person_id=person_id)
    return [_line(event) for event in found.order_by("-day", "-id")[:limit]]


def _line(event: Event) -> Line:
    model = apps.get_model(event.target_model) if event.target_model else None
    return Line(
        day=event.day,
        at=event.at,
        what=words_of(event.action),
        office=event.office or _("未填职务"),
        name=event.actor_name,
        purpose=str(event.detail.get("purpose", "")),
        role=str(event.detail.get("role", "")),
        changes=[
            (str(field.verbose_name) if field else name, _shown(field, old), _shown(field, new))
            for name, (old, new) in event.changes.items()
            for field in [_field(model, name)]
        ],
    )


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None


def _shown(field: models.Field | None, value: object) -> str:
    """A value in words: the label of a code, yes and no, the name of an organization (open to all, D13)."""
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field is not None and field.related_model is node_model():
        return (
            node_model()._default_manager.filter(pk=value).values_list("short_name", flat=True).first() or "—"
        )
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))
