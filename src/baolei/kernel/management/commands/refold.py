"""`baolei refold`: fold the stored values now instead of waiting for the worker."""

from django.core.management.base import BaseCommand

from baolei.kernel.figures.stored import refold


class Command(BaseCommand):
    help = "重新汇总已存的数据（平时由后台自动进行）。"

    def add_arguments(self, parser):
        parser.add_argument("--everything", action="store_true", help="不管有没有变动，全部重新汇总")

    def handle(self, *, everything: bool, **options):
        self.stdout.write(f"已汇总 {refold(everything=everything, connections=2)} 个数值")
