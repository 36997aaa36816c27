"""`baolei map`: docs/map.md, the structure of the house as its declarations say it."""

from collections import defaultdict
from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand

from baolei.kernel.access import PERMISSIONS, roles
from baolei.kernel.actions import ACTIONS, AFTER, BULK_ACTIONS, DURING
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.laws import LAWS

HEAD = """# Map

Made by `baolei map` from the declarations; a test holds it to them. Layers, top first:
config > province, portal > honours > reviews > inspections > development, transfers, disposals, coverage, community > meetings, training >
assistance > projects > standards, posts > members > accounts > organizations > kernel.
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    for config in apps.get_app_configs():
        if not config.name.startswith("baolei."):
            continue
        area = config.name.removeprefix("baolei.")
        lines = [f"## {area}: {config.verbose_name}", ""]
        lines += _line("tables", [model.__name__ for model in config.get_models()])
        lines += _line("permissions", _of(area, PERMISSIONS))
        lines += _line("actions", _of(area, ACTIONS))
        lines += _line("bulk actions", _of(area, BULK_ACTIONS))
        lines += _line("reactions", _reactions(config.name))
        lines += _line(
            "figures",
            [code for code, f in FIGURES.items() if f.rows.recompute.__module__.startswith(config.name)],
        )
        parts.append("\n".join(lines))
    parts.append("\n".join(["## Laws (`baolei verify`)", "", *(f"- `{name}`" for name in sorted(LAWS))]))
    parts.append(_roles())
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _of(area: str, names) -> list[str]:
    return sorted(name for name in names if name.startswith(f"{area}."))


def _line(title: str, names: list[str]) -> list[str]:
    return [f"- {title}: " + ", ".join(f"`{name}`" for name in names)] if names else []


def _reactions(package: str) -> list[str]:
    found = []
    for when, table in (("during", DURING), ("after", AFTER)):
        for name, reactions in table.items():
            found += [f"{when} {name}: {r.__name__}" for r in reactions if r.__module__.startswith(package)]
    return sorted(found)


def _roles() -> str:
    held = defaultdict(list)
    for role in roles().values():
        for permission in role.permissions:
            held[permission.code].append(role.code)
    rows = [f"| `{code}` | {', '.join(sorted(held[code])) or '—'} |" for code in sorted(PERMISSIONS)]
    return "\n".join(
        ["## Permissions and the roles that hold them", "", "| permission | roles |", "|---|---|", *rows]
    )


class Command(BaseCommand):
    help = "生成 docs/map.md。"

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)

    def handle(self, *, path: Path, **options):
        path.write_text(text(), encoding="utf-8")
