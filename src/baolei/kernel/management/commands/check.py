"""Django's checks, and whether the database is one the product may run on."""

from django.core.management.base import CommandError
from django.core.management.commands import check
from django.db import DatabaseError, connection

from baolei.kernel.postgres.inspection import complaints


class Command(check.Command):
    help = "检查程序与数据库：字符集、扩展、角色、未执行的变更。"

    def handle(self, *app_labels, **options):
        super().handle(*app_labels, **options)
        if app_labels or options["tags"] or options["list_tags"]:
            return
        try:
            found = complaints(connection)
        except DatabaseError as error:
            raise CommandError(f"连不上数据库：{str(error).strip()}") from error
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("数据库检查通过。")
