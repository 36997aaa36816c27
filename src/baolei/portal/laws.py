"""Laws: what was told to the public stays as it was told and adds up; complaints are forgotten in time."""

from baolei.kernel.laws import EXAMPLES, Finding, law, sql_law
from baolei.portal.digest import digest_of
from baolei.portal.queries import published


@law("editions.immutable")
def immutable() -> Finding:
    """The digest taken at release is the digest of the rows now."""
    checked, broken = 0, []
    for edition in published().order_by("pk"):
        checked += 1
        if bytes(edition.digest) != digest_of(edition):
            broken.append([str(edition.uid), edition.title])
    return Finding(checked, len(broken), broken[:EXAMPLES])


sql_law(
    "editions.parts-add-up",
    checked="SELECT count(*) FROM portal_editionfigure WHERE with_parts",
    broken="""
        SELECT f.edition_id, f.code, f.numerator, sum(p.numerator) AS parts
        FROM portal_editionfigure f LEFT JOIN portal_editionpart p ON p.figure_id = f.id
        WHERE f.with_parts
        GROUP BY f.id
        HAVING f.numerator <> coalesce(sum(p.numerator), 0)
            OR f.denominator <> coalesce(sum(p.denominator), 0)
    """,
)
