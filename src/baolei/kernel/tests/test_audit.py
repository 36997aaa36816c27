"""The audit: what actions write, append-only tables, seals over finished transactions."""

import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from baolei.kernel import audit
from baolei.kernel.access import NOBODY, PERMISSIONS, Actor, Reach, permission
from baolei.kernel.actions import ACTIONS, AFTER, DURING, action
from baolei.kernel.audit_laws import audit_append_only
from baolei.kernel.models import AuditSeal, Batch, Event

pytestmark = pytest.mark.django_db

ACTOR = Actor(name="甲", office="组织部", user_id=7, reach=Reach({"x.y": ("001",)}), request_id="r1")


@pytest.fixture
def trial():
    """An action for one test, forgotten afterwards."""
    may = permission("kernel.trial", "试")
    name = "kernel.batch.trial"

    @action(name, words="试办", needs=may, private=("secret",))
    def finish(batch, *, actor, state, secret=""):
        batch.state, batch.finished_at = state, timezone.now()
        batch.save(update_fields=["state", "finished_at"])
        return batch

    yield finish, may
    for table in (ACTIONS, DURING, AFTER, audit.WORDS):
        table.pop(name, None)
    PERMISSIONS.pop(may.code)


def make_batch() -> Batch:
    return Batch.objects.create(source="a", digest="b", actor_name="甲")


class TestAction:
    def allowed(self, may) -> Actor:
        return Actor(name="甲", office="组织部", user_id=7, reach=Reach(everywhere=True), request_id="r1")

    def test_action_writes_one_event_with_the_difference(self, trial):
        finish, may = trial
        batch = make_batch()
        finish(batch, actor=self.allowed(may), state="done", secret="机密")
        event = Event.objects.get()
        assert (event.action, event.actor_id, event.office, event.request_id) == (
            "kernel.batch.trial",
            7,
            "组织部",
            "r1",
        )
        assert (event.target_model, event.target_id) == ("kernel.Batch", batch.pk)
        assert event.changes["state"] == ["running", "done"]
        assert event.detail == {"state": "done"}

    def test_action_without_permission_changes_nothing(self, trial):
        finish, _may = trial
        batch = make_batch()
        with pytest.raises(PermissionDenied):
            finish(batch, actor=NOBODY, state="done")
        batch.refresh_from_db()
        assert (batch.state, Event.objects.count()) == ("running", 0)

    def test_a_reaction_may_refuse_and_then_nothing_happened(self, trial):
        finish, may = trial

        def refuse(batch, *, actor, **arguments):
            raise ValueError("还有未办完的事")

        DURING["kernel.batch.trial"].append(refuse)
        batch = make_batch()
        with pytest.raises(ValueError, match="未办完"):
            finish(batch, actor=self.allowed(may), state="done")
        batch.refresh_from_db()
        assert (batch.state, Event.objects.count()) == ("running", 0)

    def test_a_name_is_declared_once(self, trial):
        with pytest.raises(ValueError, match="twice"):
            action("kernel.batch.trial", words="试办", needs=None)(lambda target, *, actor: None)

    def test_arguments_after_the_target_are_keyword_only(self):
        with pytest.raises(TypeError, match="keyword-only"):
            action("kernel.batch.positional", words="试办", needs=None)(lambda target, actor: None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_event SET action = 'x'",
        "DELETE FROM kernel_event",
        "TRUNCATE kernel_event",
        "UPDATE kernel_auditseal SET rows = 0",
        "DELETE FROM kernel_auditseal",
        "TRUNCATE kernel_auditseal",
    ],
)
def test_even_the_owner_cannot_change_the_record(statement):
    audit.record("a.b.c", actor=ACTOR)
    AuditSeal.objects.create(from_xid=0, to_xid=1, rows=0, digest=b"", previous=b"")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Event.objects.count(), AuditSeal.objects.count()) == (1, 1)


def seal_all(number: int) -> list[AuditSeal]:
    """The seals that take in `number` events; other databases' open transactions may delay and divide them."""
    seals, deadline = [], time.monotonic() + 60
    while sum(s.rows for s in seals) < number and time.monotonic() < deadline:
        made = audit.seal()
        seals += [made] if made else []
        time.sleep(0 if made else 0.05)
    return seals


def unsealed() -> int:
    last = AuditSeal.objects.order_by("to_xid").last()
    return Event.objects.filter(xid__gte=last.to_xid if last else 0).count()


@pytest.mark.django_db(transaction=True)
class TestSeal:
    """Other tests' committed events stay, since nothing can remove them: everything here is relative."""

    def test_seals_chain_and_repeat(self):
        seal_all(unsealed())
        last = AuditSeal.objects.order_by("to_xid").last()
        previous = (last.to_xid, bytes(last.digest)) if last else (0, audit.FIRST)
        for name in ("a.b.one", "a.b.two", "a.b.three"):
            audit.record(name, actor=ACTOR, detail={"n": 1})
        seals = seal_all(3)
        assert sum(s.rows for s in seals) == 3
        for seal in seals:
            assert (seal.from_xid, bytes(seal.previous)) == previous
            again = audit.fold(seal.from_xid, seal.to_xid, bytes(seal.previous))
            assert (again.rows, again.digest) == (seal.rows, bytes(seal.digest))
            previous = (seal.to_xid, bytes(seal.digest))
        assert audit.seal() is None

    def test_events_of_an_open_transaction_wait_for_the_next_seal(self):
        seal_all(unsealed())
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT pg_current_xact_id()")
            audit.record("a.b.later", actor=ACTOR)
            assert audit.seal() is None
            with other.cursor() as cursor:
                cursor.execute("COMMIT")
            assert [s.rows for s in seal_all(1)] == [1]
        finally:
            other.close()


def test_after_a_restore_events_go_on_where_the_record_ends():
    ahead = 10_000_000
    last = AuditSeal.objects.order_by("to_xid").last()
    from_xid, previous = (last.to_xid, bytes(last.digest)) if last else (0, audit.FIRST)
    with connection.cursor() as cursor:
        cursor.execute(audit._FINISHED_BELOW)
        to_xid = cursor.fetchone()[0] + ahead
    sealed = audit.fold(from_xid, to_xid, previous)
    AuditSeal.objects.create(
        from_xid=from_xid, to_xid=to_xid, rows=sealed.rows, digest=sealed.digest, previous=previous
    )
    with connection.cursor() as cursor:
        cursor.execute(audit.CONTINUE_AFTER_RESTORE)
    audit.record("a.b.after", actor=ACTOR)
    assert Event.objects.filter(action="a.b.after", xid__gte=to_xid).count() == 1
    assert audit_append_only().violations == 0


def test_digest_depends_on_every_part():
    base = audit.digest_of([(1, 5, "a"), (2, 5, "b")], audit.FIRST).digest
    assert audit.digest_of([(1, 5, "a"), (2, 5, "c")], audit.FIRST).digest != base
    assert audit.digest_of([(2, 5, "b"), (1, 5, "a")], audit.FIRST).digest != base
    assert audit.digest_of([(1, 5, "a")], audit.FIRST).digest != base
    assert audit.digest_of([(1, 5, "a"), (2, 5, "b")], b"").digest != base
