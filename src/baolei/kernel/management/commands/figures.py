"""`baolei figures`: the figures of one organization on one day."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baolei.kernel.figures.as_data import as_json
from baolei.kernel.figures.asking import BadDay, read_day
from baolei.kernel.figures.declare import UnknownFigure, figure, listed
from baolei.kernel.figures.reach import find
from baolei.kernel.figures.values import NOT_OPEN, values
from baolei.kernel.ui.words import amount


class Command(BaseCommand):
    help = "打印一个党组织在某一天的全部数据（或指定的数据）。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--in", dest="where", required=True, metavar="代码", help="区划代码（地方党委）或组织代码"
        )
        parser.add_argument("--on", dest="day", default="", metavar="YYYY-MM-DD", help="时点，默认今天")
        parser.add_argument("--code", action="append", default=[], help="只要这些数据项，可以重复")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *, where: str, day: str, code: list[str], format: str, **options):
        node = find(where)
        if node is None:
            raise CommandError(
                _("没有区划代码或组织代码为“%(code)s”的党组织。") % {"code": where}, returncode=2
            )
        on, asked = self._day(day), self._figures(code)
        found = values(asked, node, on=on, exact=True)
        if format == "json":
            made = [as_json(v, node) for v in found]
            self.stdout.write(json.dumps(made, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{node.name} {on:%Y-%m-%d}")
            for v in found:
                self.stdout.write(
                    f"  {v.figure.code:<40}{amount(v.value, v.figure.unit_label)}  {v.figure.label}"
                )
        if found and found[0].status == NOT_OPEN:
            raise CommandError(_("%(name)s 当日尚未成立或已经撤销。") % {"name": node.name}, returncode=2)

    def _day(self, text: str) -> date:
        try:
            return read_day(text)
        except BadDay as error:
            raise CommandError(str(error), returncode=2) from None

    def _figures(self, codes: list[str]):
        try:
            return [figure(code) for code in codes] or listed()
        except UnknownFigure as error:
            raise CommandError(str(error), returncode=2) from None
