"""Take an import back."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from baolei.kernel.imports import ImportBusy
from baolei.kernel.imports.actors import actor_named
from baolei.kernel.imports.run import alone
from baolei.kernel.imports.undo import NothingToUndo
from baolei.kernel.models import Batch
from baolei.kernel.uploads.undo import undo

SHOWN = 50


class Command(BaseCommand):
    help = "撤销一次导入：删除新增的行，恢复改动的行；导入以后改动过的、别的记录用到的行保留并列出"

    def add_arguments(self, parser):
        parser.add_argument("batch", type=UUID, help="批次编号，import 的结果里有")
        parser.add_argument("--as", dest="username", default="", help="以这个用户的权限撤销")

    def handle(self, *args, batch, username, **options):
        found = Batch.objects.filter(uid=batch).first()
        if found is None:
            raise CommandError("没有这一批导入。")
        kept: list[dict[str, str]] = []
        try:
            with alone(), transaction.atomic():
                counts = undo(found, actor=actor_named(username), kept=kept)
        except (ImportBusy, NothingToUndo, PermissionDenied) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"已撤销：删除 {counts['removed']:,} 行，恢复 {counts['restored']:,} 行，保留 {counts['kept']:,} 行"
        )
        for row in kept[:SHOWN]:
            self.stdout.write(f"{row['sheet']} {row['name']}：{row['why']}")
