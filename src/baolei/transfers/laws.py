"""Laws of custody (TRF-04)."""

from baolei.kernel.laws import sql_law

sql_law(
    "transfers.custody",
    checked="SELECT count(*) FROM transfers_transfer WHERE run_here",
    broken="""
        SELECT t.uid, t.state, 'under way, and the member is not counted at the sender' AS what
        FROM transfers_transfer t JOIN members_member m ON m.id = t.member_id
        WHERE t.due_on IS NOT NULL
          AND (m.branch_id <> t.sender_id OR m.standing NOT IN ('probationary', 'formal'))
        UNION ALL
        SELECT t.uid, t.state, 'accepted, and no spell of the member begins or ends on that day'
        FROM transfers_transfer t
        WHERE t.run_here AND t.state = 'accepted' AND NOT EXISTS (
            SELECT FROM members_membership s WHERE s.member_id = t.member_id
                AND t.accepted_on = CASE t.kind WHEN 'leaving' THEN upper(s.during) ELSE lower(s.during) END)
    """,
)
