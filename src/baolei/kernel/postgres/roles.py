"""The three roles (D6) and the database: on the embedded server at its first start, on another by order.

baolei_admin is the embedded server's superuser and never used by the product; baolei_owner owns the
tables and runs migrations and first loads; baolei_app is what the running product is.
"""

import psycopg
from psycopg import sql

from baolei.kernel.postgres.layout import PORT, Layout
from baolei.kernel.secretfiles import secret_text

DATABASE, OWNER, APP, ADMIN = "baolei", "baolei_owner", "baolei_app", "baolei_admin"


def prepare_embedded(place: Layout) -> None:
    """Make roles and database on the embedded server; harmless when they exist."""
    with psycopg.connect(
        host=str(place.socket_dir),
        port=PORT,
        user=ADMIN,
        password=secret_text("database_admin"),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        prepare(
            connection, owner_password=secret_text("database_owner"), app_password=secret_text("database_app")
        )


def prepare(connection: psycopg.Connection, *, owner_password: str, app_password: str) -> None:
    """Make roles and database through an administrator's connection in autocommit mode.

    Existing roles get these passwords; an existing database is left as it is.
    """
    for role, password, more in (
        (APP, app_password, sql.SQL("")),
        (OWNER, owner_password, sql.SQL("CREATEDB")),
    ):
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if exists else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                verb, sql.Identifier(role), more, sql.Literal(password)
            )
        )
    # So that tests, which connect as owner, can act as the running product does.
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER), _locale(connection)
            )
        )


def _locale(connection: psycopg.Connection) -> sql.SQL:
    """Return the clause for a UTF-8 character type when the server's own default has none."""
    ctype = connection.execute("SELECT datctype FROM pg_database WHERE datname = 'template0'").fetchone()[0]
    if ctype in ("C", "POSIX"):
        return sql.SQL("LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    return sql.SQL("")
