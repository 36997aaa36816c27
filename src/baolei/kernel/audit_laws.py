"""The law of the audit: what was sealed is still there, and the product cannot change it."""

from django.conf import settings
from django.db import connection

from baolei.kernel.audit import FIRST, fold
from baolei.kernel.laws import EXAMPLES, Finding, law
from baolei.kernel.models import AuditSeal

_TOO_MUCH = """
    SELECT c.relname, p.privilege FROM pg_class c, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p (privilege)
    WHERE c.oid IN (SELECT 'kernel_event'::regclass UNION SELECT 'kernel_auditseal'::regclass
                    UNION SELECT inhrelid FROM pg_inherits WHERE inhparent = 'kernel_event'::regclass)
      AND has_table_privilege(%s, c.oid, p.privilege)
"""
_UNGUARDED = """
    SELECT c.relname, 'trigger off' FROM pg_class c
    WHERE c.oid IN ('kernel_event'::regclass, 'kernel_auditseal'::regclass)
      AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
           AND t.tgenabled IN ('O', 'A') AND t.tgfoid = 'kernel_append_only'::regproc) < 2
"""


@law("audit.append-only")
def audit_append_only() -> Finding:
    """Every seal recomputed from its rows, the chain without a break, no privilege to change anything."""
    finding, previous, until = Finding(0, 0), FIRST, 0
    for seal in AuditSeal.objects.order_by("from_xid"):
        sealed = fold(seal.from_xid, seal.to_xid, previous)
        finding.checked += seal.rows
        wrong = []
        if seal.from_xid != until or bytes(seal.previous) != previous:
            wrong.append("the chain of seals is broken here")
        if (sealed.rows, sealed.digest) != (seal.rows, bytes(seal.digest)):
            wrong.append(f"sealed {seal.rows} rows, found {sealed.rows} with another digest")
        _add(finding, [(seal.pk, text) for text in wrong])
        previous, until = bytes(seal.digest), seal.to_xid
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [settings.BAOLEI_APP_ROLE])
        if cursor.fetchone()[0]:
            cursor.execute(_TOO_MUCH, [settings.BAOLEI_APP_ROLE])
            _add(finding, cursor.fetchall())
        cursor.execute(_UNGUARDED)
        _add(finding, cursor.fetchall())
    return finding


def _add(finding: Finding, found: list[tuple]) -> None:
    finding.violations += len(found)
    finding.examples += [[str(value) for value in row] for row in found][: EXAMPLES - len(finding.examples)]
