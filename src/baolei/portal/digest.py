"""The digest over all rows of an edition, as they stand in the database."""

import hashlib

from django.db import connection

from baolei.portal.models import Edition

_TEXTS = (
    # Words of the edition that stay the same when it is withdrawn.
    """SELECT concat_ws(chr(31), uid, organization_id, title, source, area, level, first_year, last_year,
                        extract(epoch FROM entered_until))
       FROM portal_edition WHERE id = %s""",
    """SELECT string_agg(concat_ws(chr(31), position, code, label, unit, definition, reading, public, process,
                                   is_share, as_of, with_parts, status, coalesce(trim_scale(numerator)::text, ''),
                                   coalesce(trim_scale(denominator)::text, ''), written),
                         chr(30) ORDER BY position, code, as_of)
       FROM portal_editionfigure WHERE edition_id = %s""",
    """SELECT string_agg(concat_ws(chr(31), key, name, level, region_code), chr(30) ORDER BY key)
       FROM portal_editionplace WHERE edition_id = %s""",
    """SELECT string_agg(encode(sum, 'hex'), chr(30) ORDER BY position, code) FROM (
           SELECT f.position, f.code, sha256(convert_to(string_agg(
               concat_ws(chr(31), p.place_id, p.key, trim_scale(p.numerator),
                         coalesce(trim_scale(p.denominator)::text, '')),
               chr(30) ORDER BY p.place_id), 'UTF8')) AS sum
           FROM portal_editionfigure f JOIN portal_editionpart p ON p.figure_id = f.id
           WHERE f.edition_id = %s GROUP BY f.position, f.code
       ) parts""",
)


def digest_of(edition: Edition) -> bytes:
    """SHA-256 over the edition's words, figures, places and parts."""
    state = hashlib.sha256()
    with connection.cursor() as cursor:
        for statement in _TEXTS:
            cursor.execute(statement, [edition.pk])
            found = cursor.fetchone()
            state.update(hashlib.sha256(((found and found[0]) or "").encode()).digest())
    return state.digest()
