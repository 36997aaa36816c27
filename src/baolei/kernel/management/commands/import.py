"""Import a data package or one CSV file."""

import json
import sys
import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from baolei.kernel.imports import SHEETS, ImportBusy, Outcome, import_path
from baolei.kernel.imports.actors import actor_named
from baolei.kernel.imports.problems import disk_full
from baolei.kernel.models import Batch

SHOWN = 50
"""Problems written out; the JSON holds the first thousand."""


class Command(BaseCommand):
    help = "导入数据包（含 datapackage.json 的文件夹）或一个 CSV 文件；有问题的行会逐一列出"

    def add_arguments(self, parser):
        parser.add_argument("path", help="数据包文件夹或 CSV 文件")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--accept-good", action="store_true", help="有问题的行不要，其余照收")
        parser.add_argument("--as", dest="username", default="", help="以这个用户的权限导入")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args, path, dry_run, accept_good, username, format, **options):
        self._told = 0.0
        try:
            outcome = import_path(
                path,
                actor=actor_named(username),
                dry_run=dry_run,
                accept_good=accept_good,
                progress=self._progress if sys.stderr.isatty() or options["verbosity"] > 1 else None,
            )
        except (FileNotFoundError, ImportBusy) as error:
            raise CommandError(str(error)) from None
        except (OSError, OperationalError) as error:
            if disk_full(error):
                raise CommandError("磁盘空间不足，什么都没有写入。请腾出空间后再导入一次。") from None
            if connection.connection is None or not connection.connection.closed:
                raise
            # The end of a server whose disk is full, too: it cannot write its log.
            raise CommandError(
                "数据库在导入中断开（常见原因是磁盘已满）。请看数据库日志，恢复后再导入一次，已写入的不会重复。"
            ) from None
        if format == "json":
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
        else:
            self._text(outcome)
        if outcome.batch.state == Batch.State.REFUSED or (dry_run and outcome.total_problems):
            sys.exit(1)

    def _progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if total and done < total and now - self._told < 1:
            return
        self._told = now
        share = f" {done / total:.0%}" if total else ""
        self.stderr.write(f"{time.strftime('%H:%M:%S')} {stage}{share}")

    def _text(self, outcome: Outcome) -> None:
        for note in outcome.notes:
            self.stdout.write(f"未读取（个人敏感内容）：{note}")
        for name, counts in outcome.counts.items():
            self.stdout.write(
                f"{SHEETS[name].title}：读 {counts['read']:,} 行，新增 {counts['new']:,}，"
                f"更改 {counts['changed']:,}，不变 {counts['unchanged']:,}，未收 {counts['refused']:,}"
            )
        for problem in outcome.problems[:SHOWN]:
            place = f"{problem.sheet}.csv 第 {problem.row} 行" if problem.row else problem.sheet
            cell = (
                f" {problem.column}" + (f"={problem.value}" if problem.value else "")
                if problem.column
                else ""
            )
            self.stdout.write(f"{place}{cell}：{problem.message}。{problem.advice}。")
        if outcome.total_problems > SHOWN:
            kinds = Counter(problem.message for problem in outcome.problems)
            self.stdout.write(f"共 {outcome.total_problems:,} 个问题；最多的：")
            for text, number in kinds.most_common(5):
                self.stdout.write(f"  {text}：{number:,}")
        self.stdout.write(Batch.State(outcome.batch.state).label)
