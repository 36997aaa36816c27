"""`baolei privacy erase`: the data protection officer has a person's data taken away for good (G-28)."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baolei.kernel.imports.actors import actor_named
from baolei.members import queries
from baolei.members.access import Can
from baolei.members.actions import erase_member

SURE = "删除"


class Command(BaseCommand):
    help = "个人信息保护：erase 删除一名已离开党员的姓名、证件号码和电话，不能恢复"

    def add_arguments(self, parser):
        erase = parser.add_subparsers(dest="verb", required=True).add_parser("erase", help="删除一个人的信息")
        erase.add_argument("uid", type=UUID, help="档案地址 /members/…/ 里的编号")
        erase.add_argument("--as", dest="username", required=True, help="个人信息保护负责人的用户名")
        erase.add_argument("--document", required=True, help="批准删除的文号，记入操作记录；不写姓名和理由")
        erase.add_argument("--no-input", action="store_true", help="不再询问")

    def handle(self, *, uid, username, document, no_input, **options):
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
