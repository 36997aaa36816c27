"""Law of reach: what an officer may see lies below his organizations, by parents and not by keys."""

from django.apps import apps
from django.db import connection

from baolei.accounts.models import User
from baolei.accounts.queries import actor_of, grants
from baolei.kernel.access import PERMISSIONS, Permission, Reach
from baolei.kernel.laws import EXAMPLES, Finding, law
from baolei.kernel.scope import ScopedModel
from baolei.kernel.tree import node_model

OFFICERS = 30


@law("reach.no-foreign-row")
def no_foreign_row() -> Finding:
    """Of thirty officers, spread over the tree, every row of every table within the reach of any right of theirs has
    an end at or below one of their organizations.

    The rows are those of `Reach.q`, by keys and copied keys; where they belong is asked of the parents, one by one.
    """
    finding = Finding(0, 0)
    for name, reach in _officers():
        for tops, right in {reach.keys(right): right for right in PERMISSIONS.values()}.items():
            if not tops:
                continue
            _below(tops)
            for model in apps.get_models():
                if issubclass(model, ScopedModel):
                    _count(finding, name, model, Reach({right.code: tops}), right)
    return finding


def _officers() -> list[tuple[str, Reach]]:
    """Users who hold something, of every length of key; filled up with places in even steps."""
    held = grants().unscoped("a law asks what each user may see")
    users = _spread(list(dict.fromkeys(held.values_list("user_id", flat=True))))
    users = _spread(users)
    found = [(user.name, actor_of(user).reach) for user in User.objects.filter(pk__in=users).order_by("pk")]
    nodes = node_model()._default_manager.exclude(parent=None).order_by("key")
    places = _spread(list(nodes.values_list("key", flat=True)))[: OFFICERS - len(found)]
    rights = list(PERMISSIONS)
    return [*found, *((key, Reach(dict.fromkeys(rights, (key,)))) for key in places)]


def _spread(all_of_them: list) -> list:
    """At most thirty, in even steps."""
    step = max(1, -(-len(all_of_them) // OFFICERS))
    return all_of_them[::step]


def _below(tops: tuple[str, ...]) -> None:
    """The organizations at and below the tops, from parent to child, in a temporary table."""
    node = node_model()._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS law_below")
        cursor.execute(
            f"""CREATE TEMP TABLE law_below AS WITH RECURSIVE below AS (
                    SELECT id FROM {node} WHERE key = ANY(%s)
                    UNION SELECT n.id FROM {node} n JOIN below b ON n.parent_id = b.id)
                SELECT id FROM below""",
            [list(tops)],
        )
        cursor.execute("CREATE UNIQUE INDEX ON law_below (id)")
        cursor.execute("ANALYZE law_below")


def _count(finding: Finding, name: str, model: type[ScopedModel], reach: Reach, right: Permission) -> None:
    seen, values = model.rows.filter(reach.q(model, right)).values("pk").query.sql_with_params()
    meta = model._meta
    ends = ["id" if end == "self" else meta.get_field(end).column for end in model.scope.ends]
    near = " OR ".join(f"EXISTS (SELECT FROM law_below b WHERE b.id = t.{end})" for end in ends)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH seen (id) AS ({seen})
                SELECT count(*), count(*) FILTER (WHERE far), (array_agg(id) FILTER (WHERE far))[:{EXAMPLES}]
                FROM (SELECT t.id, NOT ({near}) AS far FROM {meta.db_table} t JOIN seen USING (id)) found""",
            values,
        )
        checked, far, ids = cursor.fetchone()
    finding.checked += checked
    finding.violations += far
    finding.examples += [[name, meta.label, str(pk)] for pk in ids or ()][: EXAMPLES - len(finding.examples)]
