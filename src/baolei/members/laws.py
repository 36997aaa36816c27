"""Laws of the register (ORG-23, G-28)."""

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
        WHERE p.number > 1 AND p.before IS DISTINCT FROM lower(p.during) AND NOT EXISTS (
            SELECT FROM members_suspension x WHERE x.member_id = p.member_id
                AND lower(x.during) = p.before AND upper(x.during) = lower(p.during))
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
