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
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    WHERE i.indrelid = ANY (%(tables)s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
    ORDER BY 1
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
    """Load the tables without indexes, keys and exclusions inside the block; build them at its end."""
    if not tables:
        yield
        return
    names = {"tables": tables}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '384MB'")
        cursor.execute(_CONSTRAINTS, names)
        constraints = cursor.fetchall()
        for table, name, _, _ in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(_INDEXES, names)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in tables:
            # A new file: with wal_level = minimal the load is written once, not twice.
            cursor.execute(_REFERRED, {"tables": [table]})
            if not cursor.fetchone()[0]:
                cursor.execute(f"TRUNCATE {table}")
    yield
    with connection.cursor() as cursor:
        # Planned statements still hold the tables' deferred checks.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, definition in indexes:
            progress(name)
            cursor.execute(definition)
        for table, name, definition, _ in sorted(constraints, key=lambda found: found[3] == "f"):
            progress(name)
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
