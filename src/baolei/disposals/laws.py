"""The law of disposals: steps in order, approved before executed, and the register agrees (domain 2.5)."""

from baolei.kernel.laws import sql_law

_LIVE = "SELECT * FROM disposals_entry WHERE over = ''"

sql_law(
    "disposals.order",
    checked="SELECT count(*) FROM disposals_disposal",
    broken=f"""
        WITH live AS ({_LIVE}),
        ordered AS (SELECT *, lag("on") OVER one AS before, lead(id) OVER one AS next
                    FROM live WINDOW one AS (PARTITION BY disposal_id ORDER BY id))
        SELECT d.uid, o.step, 'a step lies before the one that it follows' AS what
        FROM ordered o JOIN disposals_disposal d ON d.id = o.disposal_id WHERE o."on" < o.before
        UNION ALL
        SELECT d.uid, d.state, 'it is not as the last entry that counts left it'
        FROM disposals_disposal d LEFT JOIN ordered o ON o.disposal_id = d.id AND o.next IS NULL
        WHERE (d.state, d.kind, d.until) IS DISTINCT FROM (o.state, o.kind, o.until)
        UNION ALL
        SELECT d.uid, l.step, 'done without approval, or without a vote that passed'
        FROM live l JOIN disposals_disposal d ON d.id = l.disposal_id
        WHERE l.step IN ('tell', 'appeal', 'decide', 'execute', 'refuse', 'review') AND NOT EXISTS (
            SELECT FROM live a JOIN live m ON m.disposal_id = a.disposal_id AND m.step = 'meet' AND m.id < a.id
                AND m.result = 'passed' AND m.present * 2 > m.expected AND m.yes * 2 > m.expected
            WHERE a.disposal_id = l.disposal_id AND a.step = 'approve' AND a.result = 'approved' AND a.id < l.id)
        UNION ALL
        SELECT d.uid, l.step, 'who approved decided the appeal, too'
        FROM live l JOIN live a ON a.disposal_id = l.disposal_id AND a.step = 'approve'
        JOIN disposals_disposal d ON d.id = l.disposal_id
        WHERE l.step = 'decide' AND l.organization_id = a.organization_id
        UNION ALL
        SELECT d.uid, l.step, 'executed while an appeal was still possible'
        FROM live l JOIN disposals_disposal d ON d.id = l.disposal_id
        WHERE l.step = 'execute' AND d.kind <> 'advise_out' AND l."on" <= d.appeal_until
            AND NOT EXISTS (SELECT FROM live a WHERE a.disposal_id = d.id AND a.step = 'decide')
        UNION ALL
        SELECT d.uid, l.step, 'executed, and the membership did not end that day, or in another way'
        FROM live l JOIN disposals_disposal d ON d.id = l.disposal_id JOIN members_member m ON m.id = d.member_id
        WHERE l.step = 'execute' AND (d.kind = 'rectify'
            OR NOT EXISTS (SELECT FROM members_membership p WHERE p.member_id = m.id AND upper(p.during) = l."on")
            OR (m.left_on = l."on" AND m.standing <>
                CASE d.kind WHEN 'advise_out' THEN 'advised_out' ELSE 'removed' END))
        UNION ALL
        SELECT d.uid, d.state, 'open, and about somebody who is no formal member of the branch'
        FROM disposals_disposal d JOIN members_member m ON m.id = d.member_id
        WHERE d.closed_on IS NULL AND (m.standing <> 'formal' OR m.branch_id <> d.branch_id)
    """,
)
