"""The kernel's own tables: audit, stored values of figures, batches of imports.

They name persons and organizations by number or key without foreign keys, so that the record of what was
done never hinders the data it speaks of.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baolei.kernel.ids import uuid7
from baolei.kernel.tree import KeyField


class Event(models.Model):
    """One thing done, or one full view of a person's file (D6). Append-only, partitioned by year.

    `reach` holds the tops of the actor's reach and `office` his office, as they were at the time.
    `changes` maps a field to [before, after]; of a personal field it keeps only that it changed (G-28).
    `xid` is the writing transaction: the sealing job takes rows whose transactions are all finished.
    """

    append_only = True

    pk = models.CompositePrimaryKey("day", "id")
    day = models.DateField()
    id = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    office = models.TextField()
    reach = ArrayField(models.TextField())
    request_id = models.TextField()
    target_model = models.TextField()
    target_id = models.BigIntegerField(null=True)
    target_key = KeyField(null=True)
    person_id = models.BigIntegerField(null=True)
    detail = models.JSONField()
    changes = models.JSONField()
    xid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "kernel_event"


class AuditSeal(models.Model):
    """A digest over the events of finished transactions, chained to the seal before. Append-only.

    Not managed, like `Event`: a test's flush must not meet the trigger that refuses TRUNCATE.
    """

    append_only = True

    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField(unique=True)
    rows = models.BigIntegerField()
    digest = models.BinaryField()
    previous = models.BinaryField()
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        managed = False
        db_table = "kernel_auditseal"


class StoredValue(models.Model):
    """A figure's value for one committee of township level or above: today, or at a year's end (D4)."""

    figure = models.TextField()
    organization_id = models.BigIntegerField()
    day = models.DateField()
    status = models.TextField()
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    listed = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kernel_storedvalue_once",
                fields=["figure", "organization_id", "day"],
            )
        ]


class StaleMark(models.Model):
    """Rows of a model changed at this place: the stored values of the places above are old.

    One row for each touched place, so that no writer waits for a total; the refolding job removes what it
    has taken into account.
    """

    model = models.TextField()
    key = KeyField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="kernel_stalemark_model_key", fields=["model", "key"])]

    @classmethod
    def leave(cls, changed: Iterable[type[models.Model]], keys: Iterable[str]) -> None:
        """Rows of each of these models changed at each of these places. In bare SQL: most writes do it."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO {cls._meta.db_table} (model, key, at)
                    SELECT model, key, now() FROM unnest(%s::text[]) model, unnest(%s::text[]) key""",
                [[model._meta.label for model in changed], [*keys]],
            )


class Batch(models.Model):
    """One import: its source, who brought it, how far it got and what became of the rows."""

    class State(models.TextChoices):
        RUNNING = "running", _("正在导入")
        REFUSED = "refused", _("未导入：有问题的行")
        DONE = "done", _("已导入")
        TRIED = "tried", _("试运行，未写入")
        BROKEN = "broken", _("中断，未写入")
        UNDONE = "undone", _("已撤销")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.TextField(_("来源"))
    digest = models.TextField(_("文件摘要"))
    state = models.TextField(_("状态"), choices=State.choices, default=State.RUNNING)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField(_("导入人"))
    started_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    demo = models.BooleanField(_("演示数据"), default=False)
    counts = models.JSONField(_("行数"), default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kernel_batch_finished",
                condition=models.Q(state="running", finished_at=None)
                | (~models.Q(state="running") & models.Q(finished_at__isnull=False)),
            )
        ]


class BatchRow(models.Model):
    """A row that a batch brought or changed: its values before (D6), none when it is new, and what undoing needs.

    `after` is a digest of the row as the batch left it; a row that is no longer so was edited since.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    model = models.TextField()
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.TextField(blank=True, default="", db_default="")
    undone = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="kernel_batchrow_once", fields=["batch", "model", "row_id"])
        ]


class Upload(models.Model):
    """A clerk's file on its way into the register: whose, what was found in it, what became of it.

    The file itself lies sealed in a folder of the instance until `KEPT_DAYS` are over (G-04, G-27); then its
    problems go, too, and what stays is who brought how many rows of what and when.
    """

    KEPT_DAYS = 7
    UNDO_DAYS = 90

    class State(models.TextChoices):
        WAITING = "waiting", _("等待核对")
        ASKED = "asked", _("等待您说明")
        CHECKING = "checking", _("正在核对")
        CHECKED = "checked", _("已核对，等待确认")
        ORDERED = "ordered", _("等待导入")
        TAKING = "taking", _("正在导入")
        TAKEN = "taken", _("已导入")
        UNREADABLE = "unreadable", _("读不出来")
        REFUSED = "refused", _("未导入")
        BROKEN = "broken", _("中断，什么都没有写入")
        DISCARDED = "discarded", _("已放弃")
        RECALLED = "recalled", _("等待撤销")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.TextField(_("文件名"))
    sheet = models.TextField(_("种类"))
    state = models.TextField(_("状态"), choices=State.choices, default=State.WAITING)
    actor_id = models.BigIntegerField()
    actor_name = models.TextField(_("上传人"))
    office = models.TextField(_("职务"))
    made_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    why = models.TextField(_("原因"), blank=True, default="")
    found = models.JSONField(default=dict)
    """What was read: the table's name, its headings, what was left out."""
    answers = models.JSONField(default=dict)
    """What its owner said: "columns" heading -> column, "unit" of money in yuan."""
    counts = models.JSONField(_("行数"), default=dict)
    problems = models.JSONField(default=list)
    total_problems = models.IntegerField(default=0)
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="+")
    undone = models.JSONField(_("撤销的行数"), default=dict)
    kept = models.JSONField(default=list)
    """Rows that stayed when the batch was undone: what, its name, why."""
    removed = models.BooleanField(_("文件已删除"), default=False)

    class Privacy:
        plain = frozenset({"name", "sheet", "state", "why", "counts", "total_problems", "removed"})

    class Meta:
        indexes = [models.Index(name="kernel_upload_actor", fields=["actor_id", "-id"])]

    def __str__(self):
        return self.name


class ExportRequest(models.Model):
    """A list of more names than one person may take alone: what, what for, who asked, and what a second said (G-30)."""

    DAYS = 7
    """To agree, and then to take it once."""
    KEPT_DAYS = 365
    GROWTH = 1.1
    """How much longer than agreed the list may have become."""

    class State(models.TextChoices):
        ASKED = "asked", _("等待复核")
        AGREED = "agreed", _("已同意，可以下载")
        REFUSED = "refused", _("未同意")
        TAKEN = "taken", _("已下载")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    page = models.TextField()
    """Name of the address of the export."""
    query = models.TextField(blank=True)
    """Its filters, as in the address."""
    title = models.TextField(_("名单"))
    purpose = models.TextField(_("用途"))
    form = models.TextField(_("格式"))
    rows = models.IntegerField(_("行数"))
    key = KeyField(_("树码"))
    state = models.TextField(_("状态"), choices=State.choices, default=State.ASKED)
    actor_id = models.BigIntegerField()
    actor_name = models.TextField(_("申请人"))
    office = models.TextField(_("职务"), blank=True)
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_id = models.BigIntegerField(null=True)
    decided_name = models.TextField(_("复核人"), blank=True)
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    why = models.TextField(_("原因"), blank=True)
    until = models.DateTimeField(_("下载期限"), null=True)
    taken_at = models.DateTimeField(_("下载时间"), null=True)

    class Meta:
        indexes = [
            models.Index(name="kernel_exportrequest_key", fields=["key"]),
            models.Index(name="kernel_exportrequest_actor", fields=["actor_id", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="kernel_exportrequest_second_person",
                condition=models.Q(decided_id=None) | ~models.Q(decided_id=models.F("actor_id")),
            ),
            models.CheckConstraint(
                name="kernel_exportrequest_decided",
                condition=models.Q(state="asked", decided_at=None, decided_id=None)
                | (~models.Q(state="asked") & models.Q(decided_at__isnull=False, decided_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="kernel_exportrequest_taken",
                condition=models.Q(state="taken", taken_at__isnull=False)
                | (~models.Q(state="taken") & models.Q(taken_at=None)),
            ),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def stale(cls):
        """What was asked before this moment waits no more."""
        return timezone.now() - timedelta(days=cls.DAYS)

    @property
    def may_be_taken(self) -> bool:
        return self.state == self.State.AGREED and self.until > timezone.now()

    @property
    def state_words(self) -> str:
        """The state, or that its time is over."""
        asked_too_long = self.state == self.State.ASKED and self.asked_at <= self.stale()
        if asked_too_long or (self.state == self.State.AGREED and not self.may_be_taken):
            return _("已过期")
        return self.get_state_display()


class HeadingMeaning(models.Model):
    """What a heading of a clerk's tables means, as he said once; for him and this sheet alone."""

    actor_id = models.BigIntegerField()
    sheet = models.TextField()
    heading = models.TextField()
    """As `uploads.headings.same` writes it."""
    column = models.TextField(blank=True)
    """Empty: not to be read."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kernel_headingmeaning_once", fields=["actor_id", "sheet", "heading"]
            )
        ]


class NodeMeaning(models.Model):
    """Which organization a name in a clerk's tables means, as he said once; for him alone, while it is in his reach."""

    actor_id = models.BigIntegerField()
    name = models.TextField()
    code = models.TextField()
    """Of the organization."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="kernel_nodemeaning_once", fields=["actor_id", "name"]),
        ]


class BallotBox(models.Model):
    """One box of secret ballots in one row (G-06, ADR 0016); written by `kernel.ballots.box` alone.

    `sealed` holds everything that is in it, as long for an empty box as for a full one, and is written anew at each
    cast. Closing clears it and the paper; `receipts` are then the hashes of the numbers that were used.
    """

    class State(models.TextChoices):
        OPEN = "open", _("正在投票")
        COUNTED = "counted", _("已计票")
        VOID = "void", _("已作废")

    code = models.TextField(unique=True)
    """The first letters of its ballots' numbers."""
    state = models.TextField(_("状态"), choices=State.choices, default=State.OPEN)
    issued = models.SmallIntegerField(_("发出选票"))
    paper = models.JSONField(null=True)
    """What the ballots say: title, lines, marks."""
    sealed = models.BinaryField(null=True)
    receipts = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="kernel_ballotbox_sealed",
                condition=models.Q(state="open", sealed__isnull=False, paper__isnull=False, receipts=None)
                | models.Q(state="counted", sealed=None, paper__isnull=True, receipts__isnull=False)
                | models.Q(state="void", sealed=None, paper__isnull=True, receipts=None),
            )
        ]

    def __str__(self):
        return self.code
