"""What was done to an object, and who saw a person's file, read from the audit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import PERMISSIONS
from baolei.kernel.models import Event

VERBS = {
    "found": gettext_lazy("设立"),
    "move": gettext_lazy("调整隶属关系"),
    "close": gettext_lazy("撤销"),
    "rename": gettext_lazy("更名"),
    "import": gettext_lazy("导入"),
    "enrol": gettext_lazy("登记"),
    "end": gettext_lazy("离开"),
    "reveal": gettext_lazy("查看完整号码"),
    "export": gettext_lazy("导出名单"),
    "exported": gettext_lazy("列入导出的名单"),
}
"""The last word of an action's name, in the words of a page."""


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


def of(row: models.Model, *, without: tuple[str, ...] = (), limit: int = 50) -> list[Line]:
    """The latest events about this object, newest first, those of the actions in `without` left out."""
    found = Event.objects.filter(target_model=row._meta.label, target_id=row.pk).exclude(action__in=without)
    return [_line(event) for event in found.order_by("-day", "-id")[:limit]]


def views_of(person_id: int, actions: tuple[str, ...], *, limit: int = 100) -> list[Line]:
    """Who saw a person's file, newest first: the caller shows office, role, purpose and day, no name (G-22)."""
    found = Event.objects.filter(person_id=person_id, action__in=actions)
    return [_line(event) for event in found.order_by("-day", "-id")[:limit]]


def words(action: str) -> str:
    """What an action is called on a page."""
    known = VERBS.get(action.rpartition(".")[2])
    if known:
        return str(known)
    return str(PERMISSIONS[action].label) if action in PERMISSIONS else action


def _line(event: Event) -> Line:
    model = apps.get_model(event.target_model) if event.target_model else None
    return Line(
        day=event.day,
        at=event.at,
        what=words(event.action),
        office=event.office or _("未填职务"),
        name=event.actor_name,
        purpose=str(event.detail.get("purpose", "")),
        role=str(event.detail.get("role", "")),
        changes=[
            (_field(model, name), _value(old), _value(new)) for name, (old, new) in event.changes.items()
        ],
    )


def _field(model: type[models.Model] | None, name: str) -> str:
    try:
        return str(model._meta.get_field(name.removesuffix("_id")).verbose_name) if model else name
    except FieldDoesNotExist:
        return name


def _value(value: object) -> str:
    return "—" if value in (None, "") else str(value)
