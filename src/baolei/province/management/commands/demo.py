"""`baolei demo`: load the made-up province, then serve it."""

import os
import sys
from datetime import date
from time import monotonic

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.postgres.inspection import unapplied_migrations
from baolei.province import demo
from baolei.province.divisions import SCALES


class Command(BaseCommand):
    requires_system_checks = ()
    help = _("装载演示数据（区划名称真实，人员与数字均为虚构），然后启动平台")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=SCALES, default="province", help=_("规模"))
        parser.add_argument("--no-serve", action="store_true", help=_("装载后不启动平台"))
        parser.add_argument("--port", type=int, default=8000, help=_("端口"))
        parser.add_argument("--seed", type=int, default=1, help=_("随机种子，相同种子得到相同数据"))
        parser.add_argument("--day", type=date.fromisoformat, help=_("数据截止日期，默认为今天"))

    def handle(
        self, *, scale: str, no_serve: bool, port: int, seed: int, day: date | None, **options
    ) -> None:
        self.began = monotonic()
        if unapplied_migrations(connection):
            self.tell(_("建立数据库"))
            call_command("migrate", interactive=False, verbosity=0)
        try:
            demo.check_place(scale)
            demo.load(scale=scale, seed=seed, day=day or timezone.localdate(), tell=self.tell)
        except (demo.NoDemo, ValueError, FileNotFoundError) as problem:
            raise CommandError(str(problem)) from problem
        self.tell(_("演示数据已就绪"))
        if not no_serve:
            self.serve(port)

    def tell(self, sentence: str) -> None:
        self.stdout.write(f"[{monotonic() - self.began:6.1f} 秒] {sentence}")
        self.stdout.flush()

    def serve(self, port: int) -> None:
        """Become `baolei serve`: as the product, no longer as the tables' owner."""
        connection.close()
        taken = {"BAOLEI_DB_ROLE", "BAOLEI_SERVING"}
        environment = {name: value for name, value in os.environ.items() if name not in taken}
        command = [sys.executable, "-m", "baolei.config.cli", "serve", "--port", str(port)]
        os.execve(sys.executable, command, environment)
