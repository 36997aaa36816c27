"""What every record of an area has: the number of its source, an address, one to three ends in the tree."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.kernel.ids import uuid7
from baolei.kernel.scope import ScopedModel, ScopedQuerySet
from baolei.kernel.spells import Spell, SpellQuerySet


class Record(ScopedModel):
    """A row known to its source by `ref`: the same ref again is the same record."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ref = models.TextField(_("编号"), unique=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.ref


def made_here() -> dict[str, Any]:
    """`uid` and `ref` of a record that no source brings: a number of our own, told from every source's."""
    uid = uuid7()
    return {"uid": uid, "ref": f"baolei-{uid.hex}"}


class DatedQuerySet(ScopedQuerySet, SpellQuerySet):
    pass


class DatedRecord(Record, Spell):
    """A record that holds for a time."""

    rows = models.Manager()
    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
