"""What stands at an organization when it closes or merges: areas declare it in their reactions.py (ORG-21).

business(_("任职"), lambda organization, on: standing(Tenure, organization, on), permission=Can.VIEW,
         close=Fate.FIRST, merge=Fate.ENDS, advice=_("请先登记任职结束。"))
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor, Permission
from baolei.kernel.models import StaleMark

Rows = Callable[[models.Model, date], QuerySet]
Move = tuple[int, date]
"""Which organization got another parent, and on which day."""


class Fate(Enum):
    """What becomes of a row on the day of the change; the value is what the preview says."""

    FIRST = gettext_lazy("须先办结")
    MOVES = gettext_lazy("自当日起转到承接党组织")
    ALONG = gettext_lazy("随之划入，自当日起计入")
    ENDS = gettext_lazy("到前一日为止")
    FOLLOWS = gettext_lazy("随单位走，计入主管单位的党组织")
    STAYS = gettext_lazy("留在原党组织名下，照旧统计")


@dataclass(frozen=True)
class Business:
    """Rows of one area: `rows` gives those that stand at an organization on a day or later.

    `permission` is asked before anybody reads how many; `along` counts what a move takes along. `taken` says the
    same of moves that were: of (organization, day) what went along, in words.
    """

    words: str
    rows: Rows
    permission: Permission
    close: Fate
    merge: Fate
    advice: str = ""
    along: Callable[[models.Model], int] | None = None
    taken: Callable[[list[Move]], dict[Move, str]] | None = None


BUSINESS: list[Business] = []


def business(words: str, rows: Rows, **declared) -> None:
    """Declare rows that a change of the tree has to do with."""
    BUSINESS.append(Business(words, rows, **declared))


def standing(model: type[models.Model], organization: models.Model, on: date) -> QuerySet:
    """The dated rows of a model at the organization that reach the day `on`."""
    found = model.objects.unscoped("a change of the tree looks at every row of the organization")
    return found.filter(organization=organization, during__overlap=DateRange(on, None))


def met(organization: models.Model, on: date, change: str) -> Iterable[tuple[Business, Fate, int]]:
    """(business, fate, number) of what stands there; `change` is "close" or "merge"."""
    for declared in BUSINESS:
        if number := declared.rows(organization, on).count():
            yield declared, getattr(declared, change), number


def refuse_open(organization: models.Model, *, actor: Actor, on: date, change: str) -> None:
    """Raises ValidationError naming what has to be settled first; what the actor may not see is not named."""
    words = []
    for declared, fate, number in met(organization, on, change):
        if fate is Fate.FIRST:
            if actor.can(declared.permission, organization):
                what = _("还有 %(number)s 项“%(what)s”。") % {"number": number, "what": declared.words}
                words.append(f"{what}{declared.advice}（ORG-21）")
            else:
                words.append(_("还有未办结的事项，您无权查看，请与上级组织部门联系。（ORG-21）"))
    if words:
        raise ValidationError([*dict.fromkeys(words)])


def end_open(organization: models.Model, *, on: date, change: str) -> None:
    """End what is to end with the day before `on`. Raises ValidationError for what begins only later."""
    for declared, fate, _number in met(organization, on, change):
        if fate is not Fate.ENDS:
            continue
        rows = declared.rows(organization, on)
        if rows.filter(during__startswith__gte=on).exists():
            raise ValidationError(
                _("有“%(what)s”自变更当日或之后才开始，请先更正其日期。") % {"what": declared.words}
            )
        table = rows.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET during = daterange(lower(during), %s) WHERE id = ANY(%s)",
                [on, [*rows.values_list("pk", flat=True)]],
            )
        StaleMark.leave([rows.model], [organization.key])


# What a split may take along -----------------------------------------------------------------------------

Choice = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """What a split may hand to the new organization: its name in `chosen`, its words, what there is to choose."""

    name: str
    words: str
    choices: Callable[[models.Model, Actor], list[Choice]]


PARTS: dict[str, Part] = {}


def part(name: str, words: str, choices: Callable[[models.Model, Actor], list[Choice]]) -> None:
    """Declare it; who declares it hands it over by `@after` the split."""
    PARTS[name] = Part(name, words, choices)


Chosen = Mapping[str, tuple[str, ...]]
"""Name of a part -> the chosen values."""
