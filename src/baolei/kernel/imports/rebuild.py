"""First load of empty tables: indexes and constraints off, load, the same ones on again (D5).

All in the import's transaction: killed in the middle, everything is as before. The definitions come from
the catalog, so that nothing is said twice. It is DDL: only the tables' owner does it, on the command line.
"""

from contextlib import contextmanager

from django.db import connection

# Constraints of these tables, except those that other tables' foreign keys lean on.
_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid), c.contype::text
    FROM pg_constraint c
    WHERE c.conrelid = ANY (%(tables)s::regclass[]) AND c.contype IN ('f', 'p', 'u', 'x')
      AND NOT EXISTS (
          SELECT FROM pg_constraint outside
          WHERE outside.contype = 'f' AND outside.conindid = c.conindid AND c.contype <> 'f'
            AND outside.conrelid <> ALL (%(tables)s::regclass[])
      )
    ORDER BY c.contype = 'f' DESC, c.conname
"""
_INDEXES = """
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    WHERE i.indrelid = ANY (%(tables)s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
    ORDER BY 2
"""
_REFERRED = """
    SELECT count(*) FROM pg_constraint
    WHERE contype = 'f' AND confrelid = ANY (%(tables)s::regclass[]) AND conrelid <> ALL (%(tables)s::regclass[])
"""


def loadable(tables: list[str]) -> list[str]:
    """The tables that are empty and whose owner the connection is, locked against everybody else."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass",
                [table],
            )
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                continue
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if not cursor.fetchone()[0]:
                found.append(table)
    return found


@contextmanager
def bare(tables: list[str], progress=lambda text: None):
    """Load the tables without indexes, keys and exclusions inside the block; foreign keys are there at its end.

    Yields what is to be called with tables that have got all their rows. Their indexes are built then: while the
    next files are read, and in time to help to check them.
    """
    if not tables:
        yield lambda complete: None
        return
    names = {"tables": tables}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '384MB'")
        cursor.execute(_CONSTRAINTS, names)
        constraints = cursor.fetchall()
        for table, name, _, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, names)
        own = cursor.fetchall()
        for _, name, _ in own:
            cursor.execute(f"DROP INDEX {name}")
        for table in tables:
            # A new file: with wal_level = minimal the load is written once, not twice.
            cursor.execute(_REFERRED, {"tables": [table]})
            if not cursor.fetchone()[0]:
                cursor.execute(f"TRUNCATE {table}")
    foreign = []
    for table, name, definition, kind in constraints:
        added = (table, name, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        (foreign if kind == "f" else own).append(added)

    def build(parts: list[tuple[str, str, str]]) -> None:
        with connection.cursor() as cursor:
            # Planned statements still hold the tables' deferred checks.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for _table, name, definition in parts:
                progress(name)
                cursor.execute(definition)
            for table in dict.fromkeys(table for table, _, _ in parts):
                cursor.execute(f"ANALYZE {table}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    yield lambda complete: build([part for part in own if part[0] in complete])
    build(foreign)
