"""Laws of the register (ORG-23, ADM-09, G-28)."""

from baolei.kernel.laws import sql_law

sql_law(
    "members.one-branch-a-day",
    checked="SELECT (SELECT count(*) FROM members_member) + (SELECT count(*) FROM members_membership)",
    broken="""
        SELECT m.uid, p.during, 'spells overlap or leave a gap' AS what
        FROM (SELECT member_id, during, lag(upper(during)) OVER person AS before,
                     row_number() OVER person AS number
              FROM members_membership WINDOW person AS (PARTITION BY member_id ORDER BY lower(during))) p
        JOIN members_member m ON m.id = p.member_id
        WHERE p.number > 1 AND p.before IS DISTINCT FROM lower(p.during)
          AND (p.before IS NULL OR p.before > lower(p.during) OR lower(p.during) - p.before <> (
            SELECT coalesce(sum(upper(x.during) - lower(x.during)), 0) FROM members_interruption x
            WHERE x.member_id = p.member_id AND x.during <@ daterange(p.before, lower(p.during))))
        UNION ALL
        SELECT m.uid, l.during, 'the last spell is not the member''s branch, or does not end with the membership'
        FROM members_member m LEFT JOIN (
            SELECT DISTINCT ON (member_id) member_id, branch_id, during
            FROM members_membership ORDER BY member_id, lower(during) DESC
        ) l ON l.member_id = m.id
        WHERE (l.branch_id, upper(l.during)) IS DISTINCT FROM (m.branch_id, m.left_on) OR l.member_id IS NULL
    """,
)

sql_law(
    "members.interruption",
    checked="SELECT count(*) FROM members_interruption",
    broken="""
        SELECT m.uid, x.during, 'a day in a branch and out of the register' AS what
        FROM members_interruption x JOIN members_member m ON m.id = x.member_id
        WHERE EXISTS (SELECT FROM members_membership p WHERE p.member_id = x.member_id AND p.during && x.during)
        UNION ALL
        SELECT m.uid, x.during, 'nothing ends where it begins'
        FROM members_interruption x JOIN members_member m ON m.id = x.member_id
        WHERE NOT EXISTS (SELECT FROM members_membership p WHERE p.member_id = x.member_id
                AND upper(p.during) = lower(x.during))
          AND NOT EXISTS (SELECT FROM members_interruption p WHERE p.member_id = x.member_id
                AND upper(p.during) = lower(x.during))
        UNION ALL
        SELECT m.uid, x.during, 'suspended still, and the member is not'
        FROM members_interruption x JOIN members_member m ON m.id = x.member_id
        WHERE upper_inf(x.during) AND m.standing <> 'suspended'
        UNION ALL
        SELECT m.uid, x.during, 'a second life that began before the first'
        FROM members_interruption x JOIN members_member m ON m.id = x.member_id
        WHERE x.joined_on >= m.joined_on OR x.joined_on >= lower(x.during)
    """,
)

sql_law(
    "members.erased",
    checked="SELECT count(*) FROM members_member WHERE key_wrapped = ''",
    broken="""
        SELECT uid, 'something that tells who it was is still there' AS what FROM members_member
        WHERE key_wrapped = '' AND (id_sealed <> '' OR phone_sealed IS NOT NULL OR id_tail_hash <> '' OR name <> '已删除'
              OR name_py <> '' OR initials <> '' OR standing IN ('probationary', 'formal', 'suspended'))
    """,
)

sql_law(
    "members.spell-in-branch-life",
    checked="SELECT count(*) FROM members_membership",
    broken="""
        SELECT m.uid, o.code, p.during, o.opened_on, o.closed_on
        FROM members_membership p JOIN organizations_organization o ON o.id = p.branch_id
        JOIN members_member m ON m.id = p.member_id
        WHERE NOT p.during <@ daterange(o.opened_on, o.closed_on)
           OR o.kind NOT IN ('branch', 'joint_branch', 'project_branch')
    """,
)
