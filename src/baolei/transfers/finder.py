"""The finder of pocket members: hints from own records only, never from one sign alone (G-09, PKT-01).

Three signs, each of another kind of record, so that no two of them say the same thing twice:

    letter   a transfer was released, the letter has run out, and nobody has accepted it
    away     registered as floating for half a year and more, and neither contacted nor at any organization life since
    double   another file with the same name in pinyin, the same birth date and the same keyed hash of a number

Whoever was seen within half a year (contacted, at organization life at the host, at a training, assisting) is no pocket
member whatever the papers say; nor is who is posted, or studies abroad. Meetings record numbers and no names (G-01),
so that "no organization life" is no sign of its own. All of it is a few statements over sets.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.actions import action
from baolei.transfers.access import Can
from baolei.transfers.models import Hint, Transfer

HALF_A_YEAR = "interval '6 months'"
ALIKE = "(other.id_tail_hash = m.id_tail_hash OR other.phone_hash = m.phone_hash)"

SIGNS = f"""
    letter AS (
        SELECT DISTINCT ON (t.member_id) t.member_id, t.id, t.ref, jsonb_build_object(
            'number', t.letter, 'asked', t.asked_on, 'until', {{until}}) AS says
        FROM transfers_transfer t JOIN members_member m ON m.id = t.member_id AND m.branch_id = t.sender_id
        WHERE t.state = 'released' AND {{until}} < %(today)s
        ORDER BY t.member_id, t.asked_on DESC, t.id
    ), away AS (
        SELECT f.member_id, f.id, jsonb_build_object('since', lower(f.during), 'contacted', f.contacted_on) AS says
        FROM transfers_floating f JOIN members_member m ON m.id = f.member_id AND m.branch_id = f.organization_id
        WHERE f.during @> %(today)s::date AND lower(f.during) <= %(today)s::date - {HALF_A_YEAR}
          AND f.destination <> 'abroad'
    ), marked AS (
        SELECT m.* FROM members_member m
        WHERE m.id IN (SELECT member_id FROM letter UNION SELECT member_id FROM away)
          AND m.standing IN ('probationary', 'formal') AND m.occupation <> 'soldier_police'
    ), seen AS (
        SELECT member_id FROM transfers_floating
            WHERE greatest(contacted_on, took_part_on) > %(today)s::date - {HALF_A_YEAR}
        UNION ALL SELECT a.member_id FROM training_attendance a JOIN training_session s ON s.id = a.session_id
            WHERE s.last_on > %(today)s::date - {HALF_A_YEAR}
        UNION ALL SELECT member_id FROM assistance_participation
            WHERE last_on > %(today)s::date - {HALF_A_YEAR}
        UNION ALL SELECT member_id FROM assistance_posting WHERE during @> %(today)s::date
        UNION ALL SELECT member_id FROM transfers_floating
            WHERE destination = 'abroad' AND during @> %(today)s::date
        UNION ALL SELECT member_id FROM transfers_pocketcase WHERE closed_on IS NULL
            OR (outcome = 'not_found' AND transfer_id IS NOT NULL AND ended_on IS NULL)
    ), twin AS (
        SELECT DISTINCT ON (m.id) m.id AS member_id, other.id
        FROM marked m JOIN members_member other
          -- Read through once: by the index on the pinyin each namesake's file would be fetched, and take twice as long.
          ON other.name_py || '' = m.name_py AND other.birth_date = m.birth_date AND other.branch_id <> m.branch_id
         AND {ALIKE} AND other.standing IN ('probationary', 'formal') AND other.occupation <> 'soldier_police'
        ORDER BY m.id, other.id
    ), signs AS (
        SELECT m.id AS member_id, m.branch_id, letter.id AS transfer_id, letter.ref, twin.id AS other_id,
               jsonb_strip_nulls(jsonb_build_object('letter', letter.says, 'away', away.says,
                   'double', CASE WHEN twin.id IS NOT NULL THEN true END)) AS evidence,
               concat_ws(' ', m.id, 'letter', letter.id, 'away', away.id, 'double', twin.id) AS from_rows
        FROM marked m LEFT JOIN letter ON letter.member_id = m.id LEFT JOIN away ON away.member_id = m.id
        LEFT JOIN twin ON twin.member_id = m.id
        WHERE num_nonnulls(letter.id, away.id, twin.id) >= 2
          AND NOT EXISTS (SELECT FROM seen WHERE seen.member_id = m.id)
    ), found AS (
        SELECT member_id, branch_id, transfer_id, ref, other_id, evidence, from_rows FROM signs
        UNION ALL
        -- The other side of a double entry is asked, too, and told no more than that there is one (G-11).
        SELECT o.id, o.branch_id, NULL, s.ref, s.member_id, '{{{{"double": true, "there": true}}}}'::jsonb,
               concat_ws(' ', 'there', o.id, s.from_rows)
        FROM (SELECT DISTINCT ON (other_id) * FROM signs WHERE other_id IS NOT NULL ORDER BY other_id, member_id) s
        JOIN members_member o ON o.id = s.other_id
        WHERE NOT EXISTS (SELECT FROM signs own WHERE own.member_id = o.id)
    )
""".format(until=f"coalesce(t.due_on, t.asked_on + {Transfer.LETTER_MOST})")

_INSERT = f"""
    WITH {SIGNS}, fresh AS (
        INSERT INTO transfers_proposed (digest, until)
        SELECT encode(sha256(from_rows::bytea), 'hex'), %(rest)s FROM found
        WHERE NOT EXISTS (SELECT FROM transfers_hint h WHERE h.member_id = found.member_id)
        ON CONFLICT (digest) DO NOTHING RETURNING digest
    )
    INSERT INTO transfers_hint
        (uid, member_id, organization_id, transfer_id, other_id, evidence, digest, found_on, until)
    SELECT gen_random_uuid(), member_id, branch_id, transfer_id, other_id, evidence, digest, %(today)s, %(until)s
    FROM found JOIN fresh ON fresh.digest = encode(sha256(from_rows::bytea), 'hex')
"""


@action("transfers.hint.find", words=gettext_lazy("查找口袋党员线索"), needs=Can.HINT)
def find_hints(_nobody: None, *, actor) -> None:
    """Propose what is new, take away what has ended. Twice on one day, or two at once, is as once."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('transfers.hint.find'))")
        for table in ("hint", "proposed"):
            cursor.execute(f"DELETE FROM transfers_{table} WHERE until <= %s", [today])
        days = {"until": today + timedelta(days=Hint.DAYS), "rest": today + timedelta(days=Hint.REST)}
        cursor.execute(_INSERT, {"today": today} | days)


def cases_found() -> set[str]:
    """The numbers of the transfers in which the finder sees something today, whether it was proposed before or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {SIGNS} SELECT DISTINCT ref FROM found WHERE ref IS NOT NULL",
            {"today": timezone.localdate()},
        )
        return {ref for (ref,) in cursor.fetchall()}


def in_words(evidence: dict[str, Any]) -> list[str]:
    """The evidence as sentences, each with its record and day."""
    found = []
    if letter := evidence.get("letter"):
        words = (
            _("介绍信 %(number)s 有效期至 %(until)s，已经过期，没有收到回执。")
            if letter["number"]
            else _("%(asked)s 提出转接并已转出，应在 %(until)s 前接收，至今没有接收。")
        )
        found.append(words % letter)
    if away := evidence.get("away"):
        words = (
            _("流动登记自 %(since)s 起，已满六个月；最近一次联系是 %(contacted)s。")
            if away.get("contacted")
            else _("流动登记自 %(since)s 起，已满六个月；没有联系记录。")
        )
        found.append(words % away)
    if evidence.get("double"):
        found.append(_("另一党组织有一份登记，姓名拼音、出生日期和证件号码或电话的索引都相同。"))
    if evidence.get("there"):
        found.append(_("那一份登记另有一项线索（介绍信过期未报到，或者流出满六个月没有联系）。"))
    return found
