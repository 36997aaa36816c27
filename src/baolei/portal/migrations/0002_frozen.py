"""A released edition is frozen by the database: no row of it can be added, changed or taken away (D16).

Statement triggers look at the rows of the statement at once: a release writes hundreds of thousands of parts.
"""

from django.db import migrations

EDITION = """
    CREATE FUNCTION portal_edition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        free CONSTANT text[] := ARRAY['state', 'withdrawn_at', 'withdrawn_by_name', 'withdrawal_document'];
    BEGIN
        IF OLD.state = 'draft' THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND OLD.state = 'released' AND NEW.state = 'withdrawn'
           AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a released edition refuses %', TG_OP USING ERRCODE = 'restrict_violation';
    END $$
"""

ROWS = """
    CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM portal_edition WHERE state <> 'draft' AND id IN ({editions})) THEN
            RAISE EXCEPTION 'a released edition refuses % on %', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    END $$
"""

OWN = "SELECT edition_id FROM touched"
THROUGH_FIGURE = (
    "SELECT edition_id FROM portal_editionfigure WHERE id IN (SELECT DISTINCT figure_id FROM touched)"
)
FUNCTIONS = {"portal_rows_frozen": OWN, "portal_parts_frozen": THROUGH_FIGURE}
TABLES = {
    "portal_editionfigure": "portal_rows_frozen",
    "portal_editionplace": "portal_rows_frozen",
    "portal_editionpart": "portal_parts_frozen",
}
# An UPDATE is looked at twice, so that no row can be moved into a released edition either.
TURNS = (
    ("insert", "INSERT", "NEW"),
    ("from", "UPDATE", "OLD"),
    ("to", "UPDATE", "NEW"),
    ("delete", "DELETE", "OLD"),
)


def _trigger(table: str, function: str, name: str, event: str, side: str) -> str:
    return (
        f"CREATE TRIGGER {table}_frozen_{name} AFTER {event} ON {table} "
        f"REFERENCING {side} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                EDITION,
                "CREATE TRIGGER portal_edition_frozen BEFORE UPDATE OR DELETE ON portal_edition "
                "FOR EACH ROW EXECUTE FUNCTION portal_edition_frozen()",
                *[ROWS.format(function=name, editions=which) for name, which in FUNCTIONS.items()],
                *[_trigger(table, function, *turn) for table, function in TABLES.items() for turn in TURNS],
            ],
            [
                *[
                    f"DROP TRIGGER {table}_frozen_{name} ON {table}"
                    for table in TABLES
                    for name, _event, _side in TURNS
                ],
                "DROP TRIGGER portal_edition_frozen ON portal_edition",
                "DROP FUNCTION portal_edition_frozen()",
                *[f"DROP FUNCTION {name}()" for name in FUNCTIONS],
            ],
        )
    ]
