"""Small data packages for tests: invented organizations and numbers of nobody."""

import csv
import json
from copy import deepcopy
from pathlib import Path

from baolei.kernel.access import Actor, Reach
from baolei.kernel.identity import check_digit
from baolei.members.access import Can as MemberCan
from baolei.organizations.access import Can as OrganizationCan
from baolei.organizations.models import Organization

COLUMNS = {
    "organizations": "code,name,short_name,kind,parent,opened_on,closed_on,region_code,successor",
    "places": "organization,parent,from,to",
    "units": "code,name,kind,region_code,organization,from",
    "members": "id_number,name,sex,birth_date,ethnicity,education,occupation,standing,joined_on,converted_on,"
    "work_unit,phone,branch,since,left_on",
    "memberships": "id_number,branch,from,to",
}

PROVINCE, COUNTY, TOWN, OTHER_TOWN = "220000000001", "222404000001", "222404100001", "222404200001"
BRANCH, MOVED, CLOSED, FAR = "222404100002", "222404100003", "222404100004", "222404200002"
VILLAGE = "222404100200"


def number(birth: str, order: int) -> str:
    """A valid identity number: `birth` as YYYYMMDD, `order` odd for a man, even for a woman."""
    first = f"222404{birth}{order:03d}"
    return first + check_digit(first)


ALICE, BOB, CAROL, DAN = (
    number("19700315", 2),
    number("19800229", 11),
    number("19900101", 24),
    number("19551231", 7),
)

_ROWS = {
    "organizations": f"""
        {PROVINCE},中共虚构省委员会,虚构省委,local_committee,,1949-10-01,,220000,
        222400000001,中共虚构州委员会,虚构州委,local_committee,{PROVINCE},1949-10-01,,222400,
        {COUNTY},中共虚构市委员会,虚构市委,local_committee,222400000001,1950-01-01,,222404,
        {TOWN},中共虚构镇委员会,虚构镇党委,township_committee,{COUNTY},1990-01-01,,222404100,
        {BRANCH},中共虚构镇东村支部委员会,东村党支部,branch,{TOWN},2000-01-01,,,
        {MOVED},中共虚构镇西村支部委员会,西村党支部,branch,{TOWN},2000-01-01,,,
        {CLOSED},中共虚构镇南村支部委员会,南村党支部,branch,{TOWN},2000-01-01,2020-01-01,,{BRANCH}
        {OTHER_TOWN},中共假想镇委员会,假想镇党委,township_committee,{COUNTY},1990-01-01,,222404200,
        {FAR},中共假想镇北村支部委员会,北村党支部,branch,{OTHER_TOWN},2000-01-01,,,""",
    "places": f"{MOVED},{OTHER_TOWN},2000-01-01,2015-06-30",
    "units": f"""
        {VILLAGE},东村,village,{VILLAGE},{TOWN},2000-01-01
        U00000001,虚构农机厂,private_enterprise,,{TOWN},2010-05-01""",
    "members": f"""
        {ALICE},单小云,2,1970-03-15,01,21,farmer,formal,1995-07-01,1996-07-01,{VILLAGE},13900000001,{BRANCH},2010-01-01,
        {BOB},曾大海,1,1980-02-29,10,31,worker,formal,2004-05-04,2005-05-04,,,{MOVED},2004-05-04,
        {CAROL},李春,2,1990-01-01,01,14,student,probationary,2026-03-01,,,13900000003,{FAR},2026-03-01,
        {DAN},欧阳老师,1,1955-12-31,01,41,retired,deceased,1980-07-01,1981-07-01,,,{CLOSED},2005-01-01,2018-02-03""",
    "memberships": f"""
        {ALICE},{FAR},2001-01-01,2006-06-06
        {ALICE},{CLOSED},2006-06-06,2010-01-01""",
}


def rows() -> dict[str, list[list[str]]]:
    """A good package: sheet -> rows of texts, to be changed by a test."""
    return deepcopy(
        {
            sheet: [line.strip().split(",") for line in text.strip().splitlines()]
            for sheet, text in _ROWS.items()
        }
    )


def cell(package: dict[str, list[list[str]]], sheet: str, row: int, column: str, value: str) -> None:
    """Set one cell; `row` counts like the file: the first row of data is 2."""
    package[sheet][row - 2][COLUMNS[sheet].split(",").index(column)] = value


def write(folder: Path, package: dict[str, list[list[str]]], *, demo: bool = False, **headers: str) -> Path:
    """Write the package; `headers` replace the header row of a sheet. The folder is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet, lines in package.items():
        with open(folder / f"{sheet}.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(headers.get(sheet, COLUMNS[sheet]).split(","))
            out.writerows(lines)
    resources = [{"name": sheet, "path": f"{sheet}.csv"} for sheet in package]
    about = {"name": "test", "resources": resources, "baolei": {"demo": demo}}
    (folder / "datapackage.json").write_text(json.dumps(about), "utf-8")
    return folder


def officer(code: str, user_id: int = 7) -> Actor:
    """Who may import below the organization with this code, and nowhere else."""
    key = Organization.rows.get(code=code).key
    rights = (OrganizationCan.IMPORT, MemberCan.IMPORT)
    return Actor(name="镇管理员", user_id=user_id, reach=Reach({right.code: (key,) for right in rights}))
