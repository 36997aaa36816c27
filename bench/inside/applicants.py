"""A sheet of people on the way to membership in the branches of an instance, at every stage before admission."""

import csv
from datetime import timedelta
from typing import Any

from django.utils import timezone

from baolei.development.imports import DAYS, PAPERS
from baolei.development.models import Applicant
from baolei.development.steps import RULES
from baolei.kernel.identity import check_digit
from baolei.kernel.imports.sheets import SHEETS
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization

NAMES = "安柏常段冯高韩江康林孟宁彭秦任宋唐魏许叶"
LAST = (1, 2, 3, 4, 5, 6, 6, 6, 8, 11, 13, 16)
AFTER = (0, 0, 10, 140, 140, 140, 500, 510, 520, 521, 530, 535, 540, 545, 550, 560, 565)
"""Step -> days after the application."""


def sheet(rows: int, path: str) -> dict[str, Any]:
    """Write so many rows of people who are not there yet; the numbers are those of no district."""
    known = Applicant.rows.count()
    branches = list(
        Organization.rows.filter(kind=Kind.BRANCH, closed_on=None)
        .order_by("code")
        .values_list("code", flat=True)
    )
    columns = [column.name for column in SHEETS["applicants"].columns]
    entries = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, restval="")
        out.writeheader()
        for number in range(known, known + rows):
            made = _row(number, branches[number % len(branches)])
            entries += sum(name in made for name, *_ in DAYS.values())
            out.writerow(made)
    return {"entries": entries, "known": known}


def _row(number: int, branch: str) -> dict[str, Any]:
    last = LAST[number % len(LAST)]
    born = f"{1970 + number % 30}{1 + number // 30 % 12:02d}{1 + number // 360 % 28:02d}"
    head = f"710000{born}{2 + number // 10_080:03d}"
    applied = timezone.localdate() - timedelta(days=AFTER[last] + 1 + number % 150)
    made = {
        "id_number": head + check_digit(head),
        "name": NAMES[number % 20] + NAMES[number // 20 % 20] + NAMES[number // 400 % 20],
        "ethnicity": "01",
        "education": "21",
        "occupation": "farmer",
        "branch": branch,
        "stage": ["applicant", "activist", "development_target"][(last >= 3) + (last >= 8)],
    }
    for step in range(1, last + 1):
        made[DAYS[step][0]] = (applied + timedelta(days=AFTER[step])).isoformat()
        if step in PAPERS:
            made[PAPERS[step][0]] = f"测〔{applied.year}〕{number}号"
    if last >= 3:
        made["activist_by"] = RULES[3].results[number % 2].value
    return made | ({"training_hours": 24} if last >= 11 else {})
