"""Guards: rules of the house that a walk over code, schema and addresses can check.

Each allowlist maps an exception to its reason; an entry that excuses nothing any more is a failure too.
"""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from baolei.config.tests.any_row import record_lists
from baolei.config.tests.walking import routes
from baolei.kernel.access import PERMISSIONS
from baolei.kernel.actions import ACTIONS, BULK_ACTIONS, UNRECORDED
from baolei.kernel.audit import WORDS
from baolei.kernel.imports import SHEETS
from baolei.kernel.imports.records import RecordSheet
from baolei.kernel.privacy import HOLDINGS
from baolei.kernel.scope import ScopedModel
from baolei.kernel.tables import SubtreeFilter

PACKAGE = Path(__file__).resolve().parents[2]
OURS = [
    model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("baolei.")
]
SCOPED = [model for model in OURS if issubclass(model, ScopedModel)]


def sources(*, tests: bool = False):
    """(path relative to the package, syntax tree) of every module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if "migrations/" in name or (not tests and "/tests/" in name):
            continue
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def excused(found: dict[str, str], allowed: dict[str, str]) -> None:
    """Every finding is allowed, and every allowance is needed."""
    unexcused = {where: what for where, what in found.items() if where not in allowed}
    assert not unexcused, unexcused
    stale = set(allowed) - set(found)
    assert not stale, f"excuses that nothing needs any more: {stale}"


# Addresses --------------------------------------------------------------------------------------------------

OPEN = {
    "healthz": "the supervisor and a proxy ask whether the product answers; it says nothing else",
    "console": "leads to the first page that the actor may see, and shows nothing itself",
    "ui_gallery": "components with made-up values",
    "ui_gallery_public": "components with made-up values",
}


def _view(part):
    return getattr(part.callback, "view_class", part.callback)


def test_every_address_names_its_permission_or_a_reason():
    found = {}
    for name, _route, part in routes():
        view = _view(part)
        permission, because = getattr(view, "permission", None), getattr(view, "open_because", "")
        if permission is None and not because:
            found[name] = "has neither `permission` nor `open_because`"
        elif permission is not None:
            assert PERMISSIONS[permission.code] == permission
    excused(found, OPEN)


def test_addresses_have_names_and_end_in_a_slash_or_a_file_type():
    for name, route, _part in routes():
        assert not name.endswith("None"), route
        assert route == "" or route.endswith("/") or re.search(r"\.\w+$", route) or name in OPEN, route


# Schema -----------------------------------------------------------------------------------------------------

FORBIDDEN = {
    "G-01": ("reason", "excuse", "because"),
    "G-02": (
        "family",
        "relative",
        "spouse",
        "parents",
        "health",
        "illness",
        "disease",
        "religion",
        "belief",
        "faith",
    ),
    "G-13": ("opinion", "speech"),
    "G-14": ("online_minutes", "activity_score", "login_count", "points", "score", "rank"),
    "G-15": ("ip_address", "user_agent", "device"),
    "G-16": ("household", "poverty", "hardship", "income"),
    "G-19": ("military_unit", "troop"),
    "G-29": ("last4", "last_four", "id_tail", "phone_tail", "id_prefix"),
}
ALLOWED_COLUMNS = {
    "members_member.id_tail_hash": "a keyed hash of the last four with the name, as G-29 asks",
    "members_member.phone_tail_hash": "a keyed hash of the last four with the name, as G-29 asks",
}


def test_no_column_for_what_the_product_must_not_know():
    found = {}
    for model in OURS:
        for field in model._meta.concrete_fields:
            for guard, words in FORBIDDEN.items():
                if any(re.search(rf"(^|_){word}(_|$)", field.column) for word in words):
                    found[f"{model._meta.db_table}.{field.column}"] = guard
    excused(found, ALLOWED_COLUMNS)


IDENTIFYING = ("id_number", "identity_number", "phone", "mobile", "address", "birth_date", "email")


def test_personal_fields_are_sealed_or_declared():
    """A number lies sealed; a birth date is declared as shown by its year only (G-28, G-29)."""
    for model in OURS:
        masked = getattr(getattr(model, "Privacy", None), "masked", {})
        for field in model._meta.concrete_fields:
            if field.column in IDENTIFYING:
                assert field.column in masked, f"{model.__name__}.{field.column} is neither sealed nor masked"
            if field.column.endswith("_sealed"):
                assert isinstance(field, models.BinaryField) and field.column in masked


PRIVACY = {
    "organizations.UnitOverseer": "two foreign keys and a period, nothing about a person",
    "members.Membership": "two foreign keys and a period; the person's fields are declared by Member",
    "accounts.Grant": "two foreign keys, a role and a period; the person's fields are declared by User",
}


def test_every_scoped_model_declares_privacy():
    found = {m._meta.label: "declares no Privacy" for m in SCOPED if not hasattr(m, "Privacy")}
    excused(found, PRIVACY)


def test_every_table_with_what_is_personal_is_in_the_inventory():
    """Who is named by number or name, or whose numbers lie sealed, is declared with purpose, ground and time (G-27)."""
    naming = ("person_id", "member_id", "actor_id", "actor_name", "user_id")
    for model in OURS:
        columns = [field.column for field in model._meta.concrete_fields]
        if [c for c in columns if c in naming or c.endswith(("_sealed", "_wrapped", "_hash"))]:
            assert model._meta.label in HOLDINGS, f"{model._meta.label}: not in a module `privacy`"


def test_privacy_names_fields_that_exist():
    for model in OURS:
        privacy = getattr(model, "Privacy", None)
        if privacy is None:
            continue
        names = {field.attname for field in model._meta.concrete_fields}
        named = set(privacy.plain) | set(getattr(privacy, "masked", {}))
        assert named <= names, f"{model.__name__}: {named - names}"
        assert not set(privacy.plain) & set(getattr(privacy, "masked", {}))


def test_every_scoped_model_declares_its_ends():
    for model in SCOPED:
        scope = model.scope
        assert 1 <= len(scope.ends) <= 3, model
        for end in scope.ends:
            assert (
                end == "self"
                or model._meta.get_field(end).related_model._meta.label == "organizations.Organization"
            )
        assert set(scope.keys) <= set(scope.ends)
        assert model._default_manager.name == "rows" and isinstance(model.objects, models.Manager)


ACCESSORS = {
    "organizations.Place.organization": "the dated tree joins places from organizations; places are no scoped rows",
    "portal.EditionFigure.edition": "an edition is public whole: values of places, no rows of anybody",
    "portal.EditionPart.figure": "an edition is public whole: values of places, no rows of anybody",
    "portal.EditionPlace.edition": "an edition is public whole: values of places, no rows of anybody",
}


def test_rows_are_not_reached_backwards():
    """A reverse accessor would be a way round `visible_to`."""
    found = {}
    for model in OURS:
        for field in model._meta.concrete_fields:
            if field.is_relation and not field.remote_field.hidden:
                found[f"{model._meta.label}.{field.name}"] = field.remote_field.related_name or "by default"
    excused(found, ACCESSORS)


def test_no_free_text_grows_unseen():
    """G-03: free text has a purpose and a length; names, codes and the audit's own texts are not free."""
    free = {
        f"{m._meta.label}.{f.name}"
        for m in OURS
        for f in m._meta.concrete_fields
        if re.search(r"(^|_)(note|notes|remark|remarks|comment|comments|memo|description)(_|$)", f.column)
    }
    assert not free


def test_lists_of_numbers_or_names_are_no_columns():
    """An array of persons has no foreign keys; the audit's list of keys is the one exception."""
    arrays = {
        f"{m._meta.label}.{f.name}"
        for m in OURS
        for f in m._meta.concrete_fields
        if isinstance(f, ArrayField)
    }
    assert arrays <= {"kernel.Event.reach"}


# Code -------------------------------------------------------------------------------------------------------

INSIDE = ("kernel/", "province/")
WRITERS = ("actions.py", "imports.py", "laws.py", "figures.py", "disclosures.py", "management/")


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _attributes(tree):
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_plain_managers_are_used_by_the_kernel_and_by_writers_only():
    """`rows` and `_default_manager` know no reader (D14): pages, forms, tables and queries never touch them."""
    found = {}
    for name, tree in sources():
        inside = name.startswith(INSIDE) or any(part in name for part in WRITERS)
        used = _attributes(tree) & {"_default_manager", "_base_manager", "rows"}
        managers = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in used
            and isinstance(node.value, ast.Name)
            and node.value.id[:1].isupper()
        } | (used & {"_default_manager", "_base_manager"})
        if managers and not inside:
            found[name] = ", ".join(sorted(managers))
    excused(found, {})


def test_every_unscoped_read_gives_a_reason_in_words():
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "unscoped":
                reason = node.args[0] if node.args else None
                assert isinstance(reason, ast.Constant) and len(str(reason.value).split()) >= 2, (
                    f"{name}:{node.lineno}"
                )


SAVING = {"save", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "create"}


def test_pages_do_not_save():
    """Every change is an action: pages, forms, tables and queries only call it (house rule 5)."""
    for name, tree in sources():
        if Path(name).name in {"pages.py", "forms.py", "tables.py", "queries.py", "urls.py", "search.py"}:
            calls = {
                node.func.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            assert not calls & SAVING, f"{name}: {calls & SAVING}"


def test_casting_a_ballot_is_the_only_write_without_an_event():
    """G-06: its time and its hand must not be known; everything else is an action."""
    assert {name for name in UNRECORDED if "tests" not in name} == {"kernel.ballot.cast"}
    callers = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and "BallotBox" in ast.unparse(node)
        and _attributes(tree) & {*SAVING, "update", "delete"}
    }
    assert callers <= {"kernel/ballots/box.py", "kernel/models.py", "kernel/privacy/own.py"}


def test_there_are_no_signals_and_no_on_commit():
    for name, tree in sources(tests=True):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                modules = {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                modules = {alias.name for alias in node.names}
            else:
                continue
            banned = {m for m in modules if m and re.search(r"dispatch|db\.models\.signals|on_commit", m)}
            assert not banned, f"{name}: {banned}"


def test_there_is_no_module_named_utils():
    names = {path.stem for path in PACKAGE.rglob("*.py")} | {
        path.name for path in PACKAGE.rglob("*") if path.is_dir()
    }
    assert not names & {"utils", "helpers", "misc", "common"}


def test_actions_are_named_after_their_area():
    for name, body in {**ACTIONS, **BULK_ACTIONS}.items():
        area = body.__module__.split(".")[1]
        if area != "kernel" and not body.__module__.split(".")[-1].startswith("test_"):
            assert name.split(".")[0] == area and name.count(".") == 2, name


def test_every_action_and_every_event_has_words():
    """Histories and the record of events call it by them."""
    names = {*ACTIONS, *BULK_ACTIONS}
    for _name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "audit.record",
                "audit.record_names",
            ):
                names |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    assert {"members.member.exported", "kernel.sheet.export"} <= names
    wordless = {name for name in names if not CHINESE.search(str(WORDS.get(name, "")))}
    assert not wordless


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|\sstyle=|\son(click|change|submit|load|input|focus|keydown)=", re.IGNORECASE
)


def test_templates_hold_nothing_inline():
    """The content security policy would drop it (house rule 21)."""
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        assert not INLINE.search(text), path.name


def test_every_post_form_carries_its_token():
    for path in PACKAGE.rglob("templates/**/*.html"):
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL
        ):
            assert "csrf_token" in form, path.name


def test_words_on_the_screen_go_through_gettext():
    for path in PACKAGE.rglob("templates/**/*.html"):
        if path.name.startswith("gallery"):
            continue  # shows components with made-up values to builders, not to users
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
        bare = re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", bare, flags=re.DOTALL)
        assert not CHINESE.search(bare), f"{path.name}: {CHINESE.search(bare)[0]}"


def test_orders_of_tables_end_in_a_unique_field():
    """Keyset pages lose rows otherwise."""
    unique = {"pk", "id", "uid", "key", "code"}
    for table in _tables():
        for order in table.orders:
            assert order.fields[-1].lstrip("-") in unique, (table, order)


def _tables():
    """The product's tables; other tests in the same process have made up tables of their own."""
    from baolei.kernel.tables.table import Table

    return [table for table in _subclasses(Table) if ".tests." not in table.__module__]


def _subclasses(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from _subclasses(sub)


COUNTS = re.compile(r"hours|score|grade|points|count|rank|total|minutes")


def test_no_list_is_ordered_by_hours_grades_or_counts():
    """G-24, G-25: orders are declared, and none of them ranks persons or organizations."""
    for table in _tables():
        for order in table.orders:
            assert not any(COUNTS.search(field) for field in order.fields), (table, order)


def test_tables_about_persons_hold_no_number_and_no_birth_date():
    """G-29: of the birth date a list shows the year; numbers stand in no list and no export."""
    from baolei.kernel.tables import YearColumn

    for table in _tables():
        for column in table.columns.values():
            for field in column.fields:
                assert not re.search(r"_sealed|_hash|key_wrapped", field), (table, field)
                assert not field.endswith("birth_date") or isinstance(column, YearColumn), (table, field)


# Records ----------------------------------------------------------------------------------------------------


def _record_sheets() -> list[RecordSheet]:
    return [sheet for sheet in SHEETS.values() if isinstance(sheet, RecordSheet)]


def test_every_kind_of_record_has_a_list_with_a_filter_by_organization_and_an_export():
    pages = list(record_lists().values())
    addresses = {name for name, _route, _part in routes()}
    for sheet in _record_sheets():
        found = [page for page in pages if page.queryset().model is sheet.model]
        assert found, f"{sheet.name}: no list"
        for page in found:
            assert any(isinstance(item, SubtreeFilter) for item in page.filters), page
            assert page.export_permission in PERMISSIONS.values(), page
            assert {page.noun, f"{page.noun}_list", f"{page.noun}_export"} <= addresses, page


def test_a_sheet_of_records_fills_every_column_of_its_model():
    """A column that no file brings is one that the platform writes, and is said to be one."""
    for sheet in _record_sheets():
        columns = {field.column for field in sheet.model._meta.concrete_fields}
        assert columns == {"id", "uid", *sheet._model_columns(), *sheet.run_here}, sheet.name


README_LINES = {
    "accounts": "holds the matrix of roles",
    "province": "holds the tables of what the made-up province contains",
}


def test_every_area_has_a_readme_of_one_page():
    found = {}
    for config in apps.get_app_configs():
        if config.name.startswith("baolei."):
            area = config.name.removeprefix("baolei.")
            lines = (PACKAGE / area / "README.md").read_text(encoding="utf-8").splitlines()
            if len(lines) > 60:
                found[area] = f"{len(lines)} lines"
    excused(found, README_LINES)


def test_sheets_that_name_nobody_refer_to_none_that_does():
    """They are checked and written first, whatever their order."""
    from baolei.kernel.imports.sheets import SHEETS

    of_table = {sheet.tables[0]: sheet for sheet in SHEETS.values() if sheet.tables}
    named = {sheet.name for sheet in SHEETS.values() if sheet.names_persons}
    assert {"members", "memberships", "tenures"} <= named and "organizations" not in named
    for sheet in SHEETS.values():
        for column in sheet.columns:
            to = of_table.get(getattr(column, "table", "")) or SHEETS.get(getattr(column, "to", ""))
            if to is not None and not sheet.names_persons:
                assert not to.names_persons, (sheet.name, column.name)
