"""What is kept about persons: the inventory, everything about one, what is due to go, and erasing one for good."""

import json
import sys
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baolei.kernel.imports.actors import actor_named
from baolei.kernel.privacy.about import give
from baolei.kernel.privacy.inventory import inventory
from baolei.kernel.privacy.retention import RULES, purge
from baolei.kernel.secrets import hash_id
from baolei.members import queries
from baolei.members.access import Can
from baolei.members.actions import erase_member
from baolei.members.models import Member

SURE = "删除"


class Command(BaseCommand):
    help = "个人信息：清单、某个人的全部信息、到期清除、删除一个人的信息"

    def add_arguments(self, parser):
        what = parser.add_subparsers(dest="what", required=True)
        listed = what.add_parser("inventory", help="哪些表有个人信息：谁的、用途、依据、保存多久、谁能看")
        listed.add_argument("--format", choices=("text", "json"), default="text")
        person = what.add_parser("person", help="一个人的全部信息（JSON）；会记录，本人可以看到")
        chosen = person.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--uid", type=UUID, help="党员编号")
        chosen.add_argument("--stdin", action="store_true", help="从标准输入读公民身份号码，不写在命令里")
        person.add_argument("--purpose", required=True, help="用途，如：本人书面申请第12号")
        person.add_argument("--as", dest="username", default="", help="以这个用户的权限办理")
        old = what.add_parser("purge", help="清除到期的个人信息（每天夜里自动进行）")
        old.add_argument("--dry-run", action="store_true", help="只数，不清除")

        erase = what.add_parser("erase", help="删除一名已离开党员的姓名、证件号码和电话，不能恢复")
        erase.add_argument("uid", type=UUID, help="档案地址 /members/…/ 里的编号")
        erase.add_argument("--as", dest="username", required=True, help="个人信息保护负责人的用户名")
        erase.add_argument("--document", required=True, help="批准删除的文号，记入操作记录；不写姓名和理由")
        erase.add_argument("--no-input", action="store_true", help="不再询问")

    def handle(self, *args, what, **options):
        getattr(self, f"_{what}")(**options)

    def _inventory(self, format, **options):
        found = inventory()
        if format == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for one in found:
            self.stdout.write(f"{one['table']}（{one['whose']}）")
            self.stdout.write(f"  用途：{one['purpose']}")
            self.stdout.write(f"  依据：{one['ground']}")
            self.stdout.write(f"  保存：{one['kept']}")
            self.stdout.write(f"  可看：{'、'.join(one['seen_by']) or '仅本人和操作记录的管理者'}")
            self.stdout.write(f"  列：{'、'.join(one['columns'])}")
        self.stdout.write("保存期限：")
        for rule in RULES.values():
            self.stdout.write(f"  {rule.words}：{rule.days} 天")

    def _person(self, uid, stdin, purpose, username, **options):
        rows = Member.rows
        found = rows.filter(id_hash=hash_id(sys.stdin.readline())) if stdin else rows.filter(uid=uid)
        person = found.first()
        if person is None:
            raise CommandError("没有这个人。")
        try:
            about = give(person, actor=actor_named(username), purpose=purpose)
        except PermissionDenied:
            raise CommandError(
                "这个用户没有“应本人请求提供其个人信息”的权限，或此人不在其管理范围内。"
            ) from None
        self.stdout.write(json.dumps(about, ensure_ascii=False, indent=2))

    def _purge(self, dry_run, **options):
        for name, number in purge(dry_run=dry_run).items():
            self.stdout.write(f"{RULES[name].words}：{'应清除' if dry_run else '已清除'} {number:,}")

    def _erase(self, uid, username, document, no_input, **options):
        actor = actor_named(username)
        member = queries.files().visible_to(actor, Can.ERASE).filter(uid=uid).first()
        if member is None:
            raise CommandError(_("没有这名党员，或不在您的管理范围"))
        self.stdout.write(
            f"{member.branch.short_name}，{member.get_standing_display()}，{member.left_on or ''}"
        )
        if not no_input and input(_("删除后不能恢复。确认请输入“%(word)s”：") % {"word": SURE}) != SURE:
            raise CommandError(_("没有删除"))
        try:
            erase_member(member, actor=actor, document=document)
        except ValidationError as refused:
            raise CommandError("".join(refused.messages)) from None
        self.stdout.write(_("已删除。更早的备份里仍有原来的内容，请按规定销毁。"))
