"""`baolei formats`: docs/formats.md, how to write a data package by hand, as the sheets declare it."""

from pathlib import Path

from django.core.management.base import BaseCommand

from baolei.kernel.access import roles
from baolei.kernel.imports import SHEETS
from baolei.kernel.imports.columns import CODES_SHOWN, Column
from baolei.kernel.imports.problems import MESSAGES
from baolei.kernel.imports.sheets import Sheet

HEAD = """# Formats of a data package

Made by `baolei formats` from the sheets; a test holds it to them. A package of a whole made-up township, a few rows of every
file, lies in [`examples/township`](../examples/township/README.md).

## A package

A folder with `datapackage.json` and CSV files, as many of those below as there is something to say in:

```json
{
  "name": "hedong-2016",
  "resources": [
    {"name": "organizations", "path": "organizations.csv"},
    {"name": "members", "path": "members.csv"}
  ]
}
```

`name` of a resource is the file's name below without `.csv`; `path` may be another. `"baolei": {"demo": true}` marks made-up data,
which an instance with real data refuses; the codes and numbers of such rows begin with `DEMO`. Bring it in by
`./run baolei import FOLDER`; `--dry-run` checks and writes nothing, `--accept-good` takes the good rows and leaves the others. One
file alone may be brought in as well.

- **Text**: UTF-8 (GB 18030, as Chinese spreadsheets write it, is read too), values parted by commas, those with a comma or
  quotation mark in quotation marks.
- **First row**: the names or the Chinese titles of all columns, in any order. Columns that may be empty stand there too. A column
  that is not below is refused; one about family, health, religion or hardship is left out unread and reported.
- **Order**: files are checked and written in the order below, whatever their order in the folder. Of the rows only those of sister
  organizations have one, in which they are listed.
- **References** name a row of the file that is given, in the same package or in the register already.
- **`ref`** is the number by which the source knows a record, its own in each file: the same number again is the same record.
- **Days** are written `2016-12-31` (also `2016/12/31`, `2016.12.31`, `20161231`, `2016年12月31日`) and do not lie ahead unless said.
- **Codes** are given as the code or as its Chinese label.
- **Numbers** hold digits and at most a point; commas between digits are ignored. No unit.
- **Identity numbers** have 18 characters with a right check digit and stand in their own column only: elsewhere the row is refused.
- **Once more**: the same package again changes nothing. A row whose number or code is known changes what is registered, in the files
  of records (100 and on) anything; in the first five names and particulars of a person, not what an officer decides in the product:
  kind, parent, branch, days.
- **Whose**: one may bring rows of organizations within one's reach; of what lies outside there is one answer, whatever the cause.
- All or nothing: one wrong row, and nothing is written (but for `--accept-good`). Each is told with its row, column and advice.
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD, _contents(), *(_sheet(sheet) for sheet in SHEETS.values()), _messages(), _long_lists()]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _contents() -> str:
    rows = [
        (str(sheet.order), f"[`{sheet.file}`](#{sheet.name})", str(sheet.title)) for sheet in SHEETS.values()
    ]
    return "## The files, in their order\n\n" + _table(("order", "file", "title"), rows)


def _sheet(sheet: Sheet) -> str:
    held = [str(role.label) for role in roles().values() if sheet.needs in role.permissions]
    about = " ".join(sheet.about.strip().split("\n\n")[0].split())
    parts = [
        f'<a id="{sheet.name}"></a>\n\n## `{sheet.file}` {sheet.title}',
        f"{about}\n\nWho may import: {'、'.join(held)} (`{sheet.needs.code}`).",
        _table(
            ("column", "title", "required", "form"),
            [(f"`{c.name}`", str(c.title), "yes" if c.required else "", _form(c)) for c in sheet.columns],
        ),
        *_alike(sheet),
        *_refused(sheet),
    ]
    return "\n\n".join(parts)


def _form(column: Column) -> str:
    return f"{column.form}; {column.note}" if column.note else column.form


def _alike(sheet: Sheet) -> list[str]:
    once = [f"One row for each {_listed(columns)}." for columns in sheet.once]
    apart = [f"Rows alike in {_listed(columns)} share no day." for columns in sheet.apart]
    return [" ".join([*once, *apart])] if once or apart else []


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _refused(sheet: Sheet) -> list[str]:
    by_code: dict[str, list[str]] = {}
    for column, code in sheet.problems:
        by_code.setdefault(code, []).append(column)
    rows = [
        (_listed(tuple(dict.fromkeys(columns))), str(MESSAGES[code][0]), str(MESSAGES[code][1]))
        for code, columns in by_code.items()
    ]
    return [_table(("refused in", "message", "what to do"), rows)] if rows else []


def _messages() -> str:
    own = {code for sheet in SHEETS.values() for _column, code in sheet.problems}
    rows = [(str(words), str(advice)) for code, (words, advice) in MESSAGES.items() if code not in own]
    return "## What may be wrong in any file\n\n" + _table(("message", "what to do"), rows)


def _long_lists() -> str:
    parts = ["## Long lists of codes"]
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if len(column.codes) > CODES_SHOWN:
                codes = ", ".join(f"`{code}` {label}" for code, label in column.codes.items())
                parts.append(f"`{column.name}` of `{sheet.file}`: {codes}.")
    return "\n\n".join(parts)


class Command(BaseCommand):
    help = "生成 docs/formats.md：数据包各文件的格式"

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, nargs="?", help="不写时输出到屏幕")

    def handle(self, *, path: Path | None, **options):
        if path:
            path.write_text(text(), encoding="utf-8")
        else:
            self.stdout.write(text(), ending="")
