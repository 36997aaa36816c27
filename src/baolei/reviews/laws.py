"""The law of appraisals: a closed one is complete, and no box outlives its poll (APR-02, APR-04, G-06)."""

from baolei.kernel.laws import sql_law
from baolei.reviews.models import Finding

sql_law(
    "appraisal.complete",
    checked="SELECT count(*) FROM reviews_round",
    # Findings of closed rounds go after some years (G-27).
    broken=f"""
        WITH kept AS (
            SELECT * FROM reviews_round WHERE state = 'closed' AND closed_on > current_date - {Finding.KEPT_DAYS})
        SELECT r.uid, r.state, 'closed, and somebody graded has no grade' AS what FROM kept r
        WHERE EXISTS (
            SELECT FROM reviews_finding f WHERE f.round_id = r.id AND f.part = 'graded' AND f.grade = '')
        UNION ALL
        SELECT r.uid, r.state, 'closed, and its numbers are no appraisal of that year' FROM kept r
        WHERE NOT EXISTS (
            SELECT FROM reviews_appraisal a WHERE a.organization_id = r.organization_id AND a.year = r.year
                AND a.held_on = r.held_on AND a.found = (
                    SELECT count(*) FROM reviews_finding f WHERE f.round_id = r.id AND f.grade <> ''))
        UNION ALL
        SELECT r.uid, r.state, 'somebody on probation or excused has a grade or a tally' FROM reviews_round r
        WHERE EXISTS (
            SELECT FROM reviews_finding f WHERE f.round_id = r.id AND f.part <> 'graded'
                AND (f.grade <> '' OR f.nearly_all <> '' OR num_nonnulls(f.half, f.excellent) > 0))
        UNION ALL
        SELECT p.uid, p.state, 'proposed, and the grade is another' FROM reviews_proposal p
        JOIN reviews_finding f ON f.id = p.finding_id
        WHERE CASE p.kind WHEN 'honour' THEN f.grade <> 'excellent' WHEN 'disposal' THEN f.grade <> 'unqualified'
            ELSE f.grade NOT IN ('basic', 'unqualified') END
            OR (f.member_id, f.organization_id) <> (p.member_id, p.organization_id)
        UNION ALL
        SELECT r.uid, r.state, 'few ballots, and numbers were kept' FROM reviews_round r
        WHERE r.valid < 5 AND (
            EXISTS (SELECT FROM reviews_finding f WHERE f.round_id = r.id AND (f.nearly_all <> '' OR f.excellent IS NOT NULL))
            OR EXISTS (
                SELECT FROM reviews_bodytally f WHERE f.round_id = r.id AND (f.nearly_all <> '' OR f.excellent IS NOT NULL)))
        UNION ALL
        SELECT r.uid, r.state, 'the committee was polled and no tally is kept, or the other way round' FROM reviews_round r
        WHERE r.state <> 'cancelled' AND r.valid IS NOT NULL
            AND r.polls_body <> EXISTS (SELECT FROM reviews_bodytally b WHERE b.round_id = r.id)
        UNION ALL
        SELECT r.uid, r.state, 'a box is open and no poll is' FROM reviews_round r
        JOIN kernel_ballotbox b ON b.id = r.box_id
        WHERE (b.state = 'open') <> (r.state = 'held') OR b.state = 'void'
    """,
)
