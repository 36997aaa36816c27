"""`baolei generate DIR`: the made-up province as a data package."""

from datetime import date
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.province import divisions, package


class Command(BaseCommand):
    requires_system_checks = []
    help = _("生成演示数据包（区划名称真实，人员与数字均为虚构）")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help=_("数据包目录"))
        parser.add_argument("--scale", choices=divisions.SCALES, default="province", help=_("规模"))
        parser.add_argument("--seed", type=int, default=1, help=_("随机种子，相同种子得到相同数据"))
        parser.add_argument("--day", type=date.fromisoformat, help=_("数据截止日期，默认为今天"))
        parser.add_argument("--processes", type=int, default=2, help=_("进程数，不影响结果"))

    def handle(
        self, *, directory: Path, scale: str, seed: int, day: date | None, processes: int, **options
    ) -> None:
        began = monotonic()
        today = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
        try:
            rows = package.generate(
                directory,
                scale=scale,
                seed=seed,
                day=day or today,
                processes=processes,
                progress=self._tell(options),
            )
        except (ValueError, FileNotFoundError) as problem:
            raise CommandError(str(problem)) from problem
        for table, number in rows.items():
            self.stdout.write(f"{package.FILES[table][0]}\t{table}.csv\t{number}")
        seconds = {"seconds": f"{monotonic() - began:.1f}", "directory": directory}
        self.stdout.write(_("演示数据包已写入 %(directory)s，用时 %(seconds)s 秒。") % seconds)

    def _tell(self, options: dict):
        """Progress on a terminal only, on one line."""
        if not self.stderr.isatty() or options["verbosity"] < 1:
            return None
        stages = {"organizations": _("党组织"), "members": _("党员")}

        def tell(stage: str, done: int, total: int) -> None:
            self.stderr.write(f"\r{stages[stage]} {done}/{total}", ending="\n" if done == total else "")

        return tell
