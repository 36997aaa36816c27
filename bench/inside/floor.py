"""The floor of a load: bare COPY of the same rows, then the same indexes and constraints."""

import time
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from baolei.kernel.imports import SHEETS

SCRATCH = "bench_floor"
BLOCK = 1 << 20

_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    WHERE c.conrelid = ANY (%(tables)s::regclass[]) AND c.contype IN ('c', 'f', 'p', 'u', 'x')
      AND (c.contype <> 'f' OR c.confrelid = ANY (%(tables)s::regclass[]))
    ORDER BY c.contype = 'f', c.conrelid, c.conname
"""
_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid), n.nspname
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE i.indrelid = ANY (%(tables)s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
"""


def tables() -> list[str]:
    """The tables that a load fills."""
    return list(dict.fromkeys(table for sheet in SHEETS.values() for table in sheet.tables))


def copy_out(directory: str) -> dict[str, int]:
    """Write each table's rows into a file in PostgreSQL's binary form; the rows of each."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    with connection.cursor() as cursor:
        for table in tables():
            with (
                (folder / table).open("wb") as out,
                cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy,
            ):
                for block in copy:
                    out.write(block)
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows[table] = cursor.fetchone()[0]
    return rows


def load(directory: str) -> dict[str, float]:
    """Seconds of COPY and of building, into new tables of a schema that is dropped again.

    One transaction and the memory that the import asks for too: the quickest way PostgreSQL has.
    """
    names = {"tables": tables()}
    scratch = sql.Identifier(SCRATCH)
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, names)
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, names)
        indexes = [
            definition.replace(f" {schema}.", f" {SCRATCH}.", 1) for definition, schema in cursor.fetchall()
        ]
        cursor.execute("SHOW search_path")
        usual = cursor.fetchone()[0]
        cursor.execute("SELECT current_schema()")
        home = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(scratch))
        try:
            begun = time.perf_counter()
            with transaction.atomic():
                cursor.execute("SET LOCAL maintenance_work_mem = '384MB'")
                cursor.execute(f"SET LOCAL search_path TO {SCRATCH}, public")
                for table in tables():
                    named = sql.Identifier(table)
                    cursor.execute(sql.SQL("CREATE TABLE {0} (LIKE {1}.{0})").format(named, home))
                    _copy_in(cursor, table, Path(directory) / table)
                copied = time.perf_counter()
                for definition in indexes:
                    cursor.execute(definition)
                for table, name, definition in constraints:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
                for table in tables():
                    cursor.execute(f"ANALYZE {table}")
            done = time.perf_counter()
        finally:
            cursor.execute(f"SET search_path TO {usual}")
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(scratch))
    return {"copy": copied - begun, "build": done - copied, "all": done - begun}


def _copy_in(cursor, table: str, file: Path) -> None:
    with file.open("rb") as source, cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
        while block := source.read(BLOCK):
            copy.write(block)
