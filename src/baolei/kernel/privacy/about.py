"""Everything that is kept about one person, for the person (G-28)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import Actor, permission
from baolei.kernel.actions import action
from baolei.kernel.privacy.inventory import HOLDINGS, Holding


class Can:
    GIVE = permission("privacy.person.give", _("应本人请求提供其个人信息"))


@action("privacy.person.give", words=_("应本人请求提供其个人信息"), needs=Can.GIVE)
def give(person: models.Model, *, actor: Actor, purpose: str) -> dict[str, Any]:
    """Every row about the person, of every table of the inventory, with what `told` makes of masked fields.

    The event is the person's to see. Raises PermissionDenied.
    """
    return {
        str(one.model._meta.db_table): {
            "purpose": str(one.purpose),
            "kept": str(one.kept),
            "rows": _rows(one, person.pk),
        }
        for _label, one in sorted(HOLDINGS.items())
        if one.person
    }


def _rows(one: Holding, person_id: int) -> list[dict[str, Any]]:
    hidden = ("_sealed", "_wrapped", "_hash")
    rows = one.model._default_manager.filter(**{one.person: person_id}).order_by("pk")
    return [
        {
            field.column: field.value_to_string(row)
            for field in one.model._meta.concrete_fields
            if not field.column.endswith(hidden)
            and field.column not in one.untold
            and field.value_from_object(row) not in (None, "")
        }
        | (one.told(row) if one.told else {})
        for row in rows.iterator()
    ]
