"""Schemas, extension and privileges: what the owner makes and what the running product may do."""

from django.apps import apps
from django.conf import settings
from psycopg import sql


def make_schemas(connection) -> None:
    """Make the province's and the queue's schema and the extension, where they are missing."""
    with connection.cursor() as cursor:
        for schema in (settings.BAOLEI_SCHEMA, settings.BAOLEI_JOBS_SCHEMA):
            cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public")


def search_in(connection, *schemas: str) -> None:
    """Look for tables in these schemas, in this order, then among the extensions; new ones go first."""
    names = sql.SQL(", ").join(map(sql.Identifier, [*schemas, "public"]))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET search_path TO {}").format(names))


def grant_privileges(connection) -> None:
    """Give the product's role what it needs on every table and take back changes of append-only ones.

    There are no default privileges on purpose: a table made without `migrate`, such as a new partition
    of an append-only table, is closed until it was looked at here. Nothing is done when the server has
    no such role (then the product runs as the owner).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.BAOLEI_APP_ROLE])
        if cursor.fetchone() is None:
            return
        cursor.execute("SELECT current_user = %s", [settings.BAOLEI_APP_ROLE])
        if cursor.fetchone()[0]:
            return
        role = sql.Identifier(settings.BAOLEI_APP_ROLE)
        for name in (settings.BAOLEI_SCHEMA, settings.BAOLEI_JOBS_SCHEMA):
            schema = sql.Identifier(name)
            for statement in (
                "GRANT USAGE ON SCHEMA {schema} TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            ):
                cursor.execute(sql.SQL(statement).format(schema=schema, role=role))
        for table in _append_only_tables(cursor):
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {} FROM {}").format(sql.SQL(table), role)
            )


def _append_only_tables(cursor) -> list[str]:
    """Return the quoted names of the tables of models that say `append_only = True`, partitions too."""
    roots = [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
    cursor.execute(
        """
        WITH RECURSIVE found(oid) AS (
            SELECT to_regclass(quote_ident(name))::oid FROM unnest(%s::text[]) AS name
            UNION ALL
            SELECT inhrelid FROM pg_inherits JOIN found ON inhparent = found.oid
        )
        SELECT oid::regclass::text FROM found WHERE oid IS NOT NULL
        """,
        [roots],
    )
    return [name for (name,) in cursor.fetchall()]
