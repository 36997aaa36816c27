"""Laws of development: the order of the steps, and that the register agrees (domain 2.1)."""

from baolei.development.models import REPEATED
from baolei.development.steps import RULES
from baolei.kernel.laws import sql_law

_PAIRS = ", ".join(f"({rule.number}, {before})" for rule in RULES.values() for before in rule.after)
_LIVE = "SELECT * FROM development_entry WHERE over = ''"

sql_law(
    "development.order",
    checked=f"SELECT count(*) FROM ({_LIVE}) e",
    broken=f"""
        SELECT a.uid, e.number, 'the step before is not done, or was done later' AS what
        FROM ({_LIVE}) e
        JOIN development_applicant a ON a.id = e.applicant_id
        JOIN (VALUES {_PAIRS}) p(number, before) ON p.number = e.number
        WHERE NOT (e.number = 23 AND e.result = 'cancel') AND NOT EXISTS (
            SELECT FROM ({_LIVE}) b WHERE b.applicant_id = e.applicant_id AND b.number = p.before
                AND b.on <= e.on AND b.result <> 'failed')
        UNION ALL
        SELECT a.uid, a.step, 'the furthest step or the stage is not that of the entries'
        FROM development_applicant a
        JOIN (SELECT applicant_id, max(number) AS furthest, bool_or(number = 3) AS third, bool_or(number = 8) AS eighth
              FROM ({_LIVE}) e GROUP BY applicant_id) l ON l.applicant_id = a.id
        WHERE a.step <> l.furthest OR (a.stage NOT IN ('left', 'converted') AND a.stage <>
            CASE WHEN a.member_id IS NOT NULL THEN 'probationary' WHEN l.eighth THEN 'development_target'
                 WHEN l.third THEN 'activist' ELSE 'applicant' END)
        UNION ALL
        SELECT a.uid, e.number, 'a vote that did not pass counts as passed'
        FROM ({_LIVE}) e JOIN development_applicant a ON a.id = e.applicant_id
        WHERE e.expected IS NOT NULL AND e.result <> 'failed'
          AND (e.present * 2 <= e.expected OR e.yes * 2 <= e.expected)
        UNION ALL
        SELECT a.uid, a.step, 'admitted on another day than that of the meeting, or a member of another branch'
        FROM development_applicant a JOIN members_member m ON m.id = a.member_id
        WHERE (a.stage IN ('probationary', 'converted') AND NOT EXISTS (
                SELECT FROM ({_LIVE}) e WHERE e.applicant_id = a.id AND e.number = 15
                AND (e.on = m.joined_on OR EXISTS (SELECT FROM members_interruption x
                    WHERE x.member_id = m.id AND x.joined_on = e.on))))
           OR (a.stage = 'probationary' AND (m.branch_id <> a.branch_id OR m.standing <> 'probationary'))
        UNION ALL
        SELECT a.uid, a.step, 'more steps of one number than one count'
        FROM development_applicant a JOIN ({_LIVE}) e ON e.applicant_id = a.id
        WHERE e.number NOT IN {REPEATED} GROUP BY a.uid, a.step, e.number HAVING count(*) > 1
    """,
)
