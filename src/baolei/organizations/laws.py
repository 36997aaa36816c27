"""Laws of the tree."""

from baolei.kernel.laws import sql_law

sql_law(
    "tree.key",
    checked="SELECT (SELECT count(*) FROM organizations_organization) + (SELECT count(*) FROM organizations_place)",
    broken="""
        SELECT o.code, o.key, 'key is not the parent''s key and three characters' AS what
        FROM organizations_organization o LEFT JOIN organizations_organization p ON p.id = o.parent_id
        WHERE left(o.key, -3) <> coalesce(p.key, '')
        UNION ALL
        SELECT o.code, o.key, 'the open place differs from the present key or parent'
        FROM organizations_organization o LEFT JOIN organizations_place l
            ON l.organization_id = o.id AND upper_inf(l.during)
        WHERE o.closed_on IS NULL AND (l.key, l.parent_id) IS DISTINCT FROM (o.key, o.parent_id)
        UNION ALL
        SELECT o.code, o.key, 'places do not cover the organization''s life'
        FROM organizations_organization o LEFT JOIN (
            SELECT organization_id, min(lower(during)) AS first, max(coalesce(upper(during), DATE '9999-12-31')) AS until,
                sum(coalesce(upper(during), DATE '9999-12-31') - lower(during)) AS days
            FROM organizations_place GROUP BY 1
        ) l ON l.organization_id = o.id
        WHERE (l.first, l.until, l.days) IS DISTINCT FROM (o.opened_on, coalesce(o.closed_on, DATE '9999-12-31'),
            (coalesce(o.closed_on, DATE '9999-12-31') - o.opened_on)::bigint)
        UNION ALL
        SELECT o.code, l.key, 'a place lies elsewhere than the parent''s place of the time'
        FROM organizations_place l JOIN organizations_organization o ON o.id = l.organization_id
        WHERE l.parent_id IS NOT NULL AND NOT coalesce(l.during <@ (
            SELECT range_agg(p.during) FROM organizations_place p
            WHERE p.organization_id = l.parent_id AND p.key = left(l.key, -3)
        ), false)
        UNION ALL
        SELECT o.code, o.key, 'a closed organization does not rest below its last parent'
        FROM organizations_organization o LEFT JOIN (
            SELECT r.organization_id, min(lower(r.during)) AS first, bool_or(upper_inf(r.during)) AS lasts,
                max(r.key) FILTER (WHERE upper_inf(r.during)) AS key,
                bool_and(coalesce(r.during <@ (
                    SELECT range_agg(l.during) FROM organizations_lasting l
                    WHERE l.organization_id = c.parent_id AND l.key = left(r.key, -3)), c.parent_id IS NULL)) AS below
            FROM organizations_rest r JOIN organizations_organization c ON c.id = r.organization_id GROUP BY 1
        ) r ON r.organization_id = o.id
        WHERE (o.closed_on IS NULL AND r.first IS NOT NULL)
            OR (o.closed_on IS NOT NULL AND (r.first, r.lasts, r.key, r.below)
                IS DISTINCT FROM (o.closed_on, true, o.key, true))
        UNION ALL
        SELECT o.code, c.step, 'an ordinal in use that the parent has still to hand out'
        FROM organizations_organization o JOIN (
            SELECT parent_id, max(right(key, 3) COLLATE "C") AS step FROM organizations_place GROUP BY 1
        ) c ON c.parent_id = o.id
        WHERE o.next_ordinal <= 1296 * (strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(c.step, 1, 1)) - 1)
            + 36 * (strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(c.step, 2, 1)) - 1) + strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(c.step, 3, 1)) - 1
    """,
)

sql_law(
    "units.overseen-by-one",
    checked="SELECT count(*) FROM organizations_unitoverseer",
    broken="""
        SELECT u.code, o.code AS organization, v.during
        FROM organizations_unitoverseer v JOIN organizations_unit u ON u.id = v.unit_id
        JOIN organizations_organization o ON o.id = v.organization_id
        WHERE NOT v.during <@ daterange(o.opened_on, o.closed_on)
    """,
)
