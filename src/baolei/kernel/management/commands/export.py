"""Write the register back as a data package that `import` takes."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from baolei.kernel.imports import SHEETS
from baolei.kernel.imports.actors import actor_named
from baolei.kernel.imports.export import export_package


class Command(BaseCommand):
    help = "把权限范围内的党组织和党员写成数据包；证件号码和电话另行要求才写出，每人留下一条记录"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="写到这个文件夹，须为空或不存在")
        parser.add_argument("--purpose", required=True, help="用途，写入数据包说明并记入审计")
        parser.add_argument("--as", dest="username", default="", help="以这个用户的权限导出")
        parser.add_argument("--with-numbers", action="store_true", help="写出完整证件号码和电话")

    def handle(self, *args, folder, purpose, username, with_numbers, **options):
        if not purpose.strip():
            raise CommandError("请写明用途")
        try:
            counts = export_package(
                folder, actor=actor_named(username), purpose=purpose, with_numbers=with_numbers
            )
        except FileExistsError:
            raise CommandError(f"{folder} 里已有文件，请换一个空文件夹") from None
        except PermissionDenied as denied:
            raise CommandError(f"没有权限：{denied}") from None
        for name, rows in counts.items():
            self.stdout.write(f"{SHEETS[name].title}：{rows:,} 行")
