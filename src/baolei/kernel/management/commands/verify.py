"""Check the laws that every area declares over its data, over the whole database."""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from baolei.kernel.laws import LAWS, verify
from baolei.kernel.models import AuditSeal


class Command(BaseCommand):
    help = "核对全库数据是否合乎各项规则"

    def add_arguments(self, parser):
        parser.add_argument("--law", default="", help="只核对名称以此开头的规则")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args, law, format, **options):
        found = verify(law)
        if not found:
            self.stderr.write(f"没有这样的规则；共有：{'、'.join(sorted(LAWS))}")
            sys.exit(2)
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for one in found:
                state = f"违反 {one['violations']:,}" if one["violations"] else "合格"
                left_out = f"，未计 {one['skipped']:,}" if one["skipped"] else ""
                self.stdout.write(f"{one['law']}：核对 {one['checked']:,}，{state}{left_out}")
                for example in one["examples"]:
                    self.stdout.write(f"  {example}")
            if seal := AuditSeal.objects.order_by("to_xid").last():
                at = timezone.localtime(seal.sealed_at)
                self.stdout.write(f"操作记录最近的封印：{at:%Y-%m-%d %H:%M}，{bytes(seal.digest).hex()}")
        if any(one["violations"] for one in found):
            sys.exit(1)
