"""Board and list of development over a whole province, against the bare query of the same rows."""

import time
from typing import Any

from django.db import connection, transaction
from django.test import Client

from baolei.accounts.models import User
from baolei.organizations.models import Organization
from bench.inside.people import officer

PEOPLE = 120_000
"""About as many as a province of 1.63 million members has on the way."""
TURNS = 20
FILL = """
    INSERT INTO development_applicant (uid, ref, name, sex, birth_date, ethnicity, education, occupation, branch_id, stage, step,
        due_on, applied_on, activist_on, extended, deferred, outcome, leaving, slip, id_sealed, key_wrapped)
    SELECT gen_random_uuid(), 'bench-' || n, '测' || n, '1', '1999-01-01', '01', '21', 'farmer', b.id,
        CASE WHEN n %% 3 = 0 THEN 'applicant' WHEN n %% 3 = 1 THEN 'activist' ELSE 'development_target' END, 1,
        CASE WHEN n %% 4 > 0 THEN current_date - 60 + n %% 400 END, current_date - 700 - n %% 300,
        CASE WHEN n %% 3 > 0 THEN current_date - 400 END, 0, 0, '', '', 'bench-' || n, '', ''
    FROM generate_series(1, %s) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS at, count(*) OVER () AS number
          FROM organizations_organization WHERE kind = 'branch' AND closed_on IS NULL) b ON b.at = 1 + n %% b.number
"""
BOARD = """
    SELECT a.stage, count(*), count(*) FILTER (WHERE due_on < current_date),
           count(*) FILTER (WHERE due_on BETWEEN current_date AND current_date + 30)
    FROM development_applicant a JOIN organizations_organization o ON o.id = a.branch_id
    WHERE a.stage IN ('applicant', 'activist', 'development_target', 'probationary') AND o.key >= %s AND o.key < %s
    GROUP BY 1
"""
LATE = """
    SELECT a.uid, a.name, o.short_name, a.stage, a.step, a.due_on, a.applied_on
    FROM development_applicant a JOIN organizations_organization o ON o.id = a.branch_id
    WHERE a.due_on < current_date AND o.key >= %s AND o.key < %s ORDER BY a.due_on, a.id LIMIT 51
"""


def board() -> list[dict[str, Any]]:
    """Milliseconds of the pages for the province's officer, and their ratios to the bare queries."""
    root = Organization.rows.get(parent=None)
    user = User.objects.get(username=officer("province_officer", root.region_code)["username"])
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL, [PEOPLE])
        cursor.execute("ANALYZE development_applicant")
        for name, path, sql in (
            ("board", "/development/board/", BOARD),
            ("board.late", "/development/applicants/?clock=late&order=due", LATE),
        ):
            page = _median(lambda path=path: _got(client, path))
            bare = _median(lambda sql=sql: _all(cursor, sql, root))
            note = f"{PEOPLE:,} people: {page:.0f} ms against {bare:.0f} ms"
            found.append({"name": name, "value": page / bare, "note": note})
        transaction.set_rollback(True)
    return found


def _median(act) -> float:
    taken = []
    for _turn in range(TURNS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return 1000 * sorted(taken)[TURNS // 2]


def _got(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)


def _all(cursor, sql: str, root: Organization) -> None:
    cursor.execute(sql, [root.key, root.key + "~"])
    cursor.fetchall()
