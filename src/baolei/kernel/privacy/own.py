"""The kernel's own tables."""

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baolei.kernel.exports.access import Can as Exports
from baolei.kernel.models import (
    BallotBox,
    Batch,
    BatchRow,
    Event,
    ExportRequest,
    HeadingMeaning,
    NodeMeaning,
    Upload,
)
from baolei.kernel.privacy.inventory import holds
from baolei.kernel.privacy.retention import keeps
from baolei.kernel.uploads import sealed
from baolei.kernel.uploads.access import Can as Uploads

_WORK = _("办理和核查工作，保障数据安全")
_SECURITY = _("个人信息保护法第51条、网络安全法第21条")

holds(
    Event,
    whose=_("工作人员；资料被查看或导出的党员"),
    purpose=_("操作记录：谁在什么时候做了什么，本人可查谁看过自己的资料"),
    ground=_SECURITY,
    kept=_("长期保存，只增不改"),
    seen=(),
    person="person_id",
    # Who looked is told by office, not by name (G-22).
    untold=frozenset({"actor_id", "actor_name", "reach", "request_id", "xid", "target_key", "changes"}),
)
holds(Batch, whose=_("工作人员"), purpose=_WORK, ground=_SECURITY, kept=_("长期保存"), seen=())
holds(
    Upload,
    whose=_("上传人；文件中的人员"),
    purpose=_("表格导入：核对、改正、撤销"),
    ground=_("个人信息保护法第6条、第19条"),
    kept=_("文件和问题七天；谁传过什么长期保存"),
    seen=(Uploads.UPLOAD,),
)
holds(
    ExportRequest,
    whose=_("申请人、复核人"),
    purpose=_("大批名单导出的复核"),
    ground=_SECURITY,
    kept=_("一年"),
    seen=(Exports.AGREE,),
)
holds(
    BallotBox,
    whose=_("选票上列名的人；不记投票人"),
    purpose=_("无记名投票"),
    ground=_("无记名投票的规定"),
    kept=_("票箱关闭时立即清除，只留用过的选票编号的摘要"),
    seen=(),
)
for model, purpose in (
    (HeadingMeaning, _("记住本人表格的表头对应哪一列")),
    (NodeMeaning, _("记住本人表格里的名称指哪个党组织")),
):
    holds(
        model,
        whose=_("上传人"),
        purpose=purpose,
        ground=_("个人信息保护法第6条"),
        kept=_("账号使用期间"),
        seen=(),
    )


def _take_files(rows: QuerySet) -> int:
    number = 0
    for upload in rows:
        sealed.remove(upload.uid)
        number += Upload.objects.filter(pk=upload.pk).update(removed=True, problems=[], found={}, answers={})
    return number


keeps(
    "uploads.files",
    words=_("上传的文件和其中的问题"),
    days=Upload.KEPT_DAYS,
    due=lambda before: Upload.objects.filter(made_at__lt=before, removed=False),
    take=_take_files,
)
keeps(
    "uploads.kept-names",
    words=_("撤销导入时保留下来的行的名称"),
    days=Upload.KEPT_DAYS,
    due=lambda before: Upload.objects.filter(changed_at__lt=before).exclude(kept=[]),
    take=lambda rows: rows.update(kept=[]),
)
keeps(
    "uploads.undo",
    words=_("撤销导入要用的：新增的是哪些行，改动的行原来的样子"),
    days=Upload.UNDO_DAYS,
    due=lambda before: BatchRow.objects.filter(batch__finished_at__lt=before),
)
keeps(
    "exports.requests",
    words=_("导出复核的申请"),
    days=ExportRequest.KEPT_DAYS,
    due=lambda before: ExportRequest.objects.filter(asked_at__lt=before),
)
keeps(
    "accounts.sessions",
    words=_("过期的登录"),
    days=0,
    due=lambda before: Session.objects.filter(expire_date__lt=before),
)
