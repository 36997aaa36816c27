"""Whose figures an actor may ask for, on which day (D15).

Reach is tested against the tree of the day asked: the tops of the actor's reach are turned into the keys that
they had on that day, so that a county that changed its prefecture since can still be asked about its past.
"""

from datetime import date
from uuid import UUID

from django.db import models

from baolei.kernel.access import Actor, Permission
from baolei.kernel.tree import is_below, node_model, place_key, place_model


def tops_on(actor: Actor, permission: Permission, day: date) -> list[str]:
    """The keys, on that day, of the organizations in which the actor holds the permission."""
    if actor.reach.everywhere:
        return [""]
    places = place_model()._default_manager.filter(
        during__contains=day, organization__key__in=actor.reach.keys(permission)
    )
    return list(places.values_list("key", flat=True))


def may_ask(actor: Actor, permission: Permission, node: models.Model, day: date) -> bool:
    """True when the organization lies in the actor's reach today or lay in it on that day."""
    if actor.reach.covers(node, permission):
        return True
    key = place_key(node.pk, on=day)
    return key is not None and any(is_below(key, top) for top in tops_on(actor, permission, day))


def find(text: str) -> models.Model | None:
    """The organization named by a region code (its open local committee), an organization code or a uid."""
    nodes = node_model()._default_manager
    if not text or not text.isprintable():
        return None
    found = nodes.filter(region_code=text, closed_on=None).first() or nodes.filter(code=text).first()
    if found is None:
        try:
            found = nodes.filter(uid=UUID(text)).first()
        except ValueError:
            return None
    return found


def home(actor: Actor, permission: Permission) -> models.Model | None:
    """The organization that an actor sees first: the highest top of his reach."""
    nodes = node_model()._default_manager
    if actor.reach.everywhere:
        return nodes.order_by("key").first()
    return nodes.filter(key__in=actor.reach.keys(permission)).order_by("key").first()
