"""A queryset that refuses to be evaluated before somebody said who reads it (D14).

`objects` raises when iterated, counted, tested or aggregated without `visible_to(actor, permission)` or
`unscoped("reason")`. `_default_manager` is a plain manager, declared first, because Django validates through
it; only the kernel uses it. Forward foreign keys are not scoped: a table column shows a related row's name only.
"""

from django.db import models

from baolei.kernel.access import Actor, Permission


class NotScoped(RuntimeError):
    """A scoped queryset was evaluated without naming a reader."""


class ScopedQuerySet(models.QuerySet):
    _reader: str | None = None

    def visible_to(self, actor: Actor, permission: Permission):
        """The rows for which the actor holds the permission."""
        found = self.filter(actor.reach.q(self.model, permission))
        found._reader = f"{actor.name}: {permission.code}"
        return found

    def pieces(self, actor: Actor, permission: Permission) -> list[tuple[str, models.QuerySet]]:
        """The rows of `visible_to` in disjoint pieces; see `Reach.pieces`."""
        reader = f"{actor.name}: {permission.code}"
        found = [(path, self.filter(q)) for path, q in actor.reach.pieces(self.model, permission)]
        for _path, rows in found:
            rows._reader = reader
        return found

    def unscoped(self, reason: str):
        """All rows, for a reason that a reviewer can judge. Raises ValueError without one."""
        if not reason:
            raise ValueError("unscoped() needs a reason")
        found = self._chain()
        found._reader = reason
        return found

    def _clone(self):
        made = super()._clone()
        made._reader = self._reader
        return made

    def _checked(self):
        if self._reader is None and not self.query.is_empty():
            raise NotScoped(f"{self.model.__name__}.objects: call visible_to() or unscoped() first")

    def _fetch_all(self):
        if self._result_cache is None:
            self._checked()
        super()._fetch_all()

    def iterator(self, *args, **kwargs):
        self._checked()
        return super().iterator(*args, **kwargs)

    def count(self):
        self._checked()
        return super().count()

    def exists(self):
        self._checked()
        return super().exists()

    def aggregate(self, *args, **kwargs):
        self._checked()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs):
        self._checked()
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        self._checked()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class ScopedModel(models.Model):
    """A table whose rows belong to organizations; declares `scope` (a `kernel.access.Scope`)."""

    rows = models.Manager()
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
