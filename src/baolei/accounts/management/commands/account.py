"""`baolei account`: the first account of an instance, and roles that nobody can give on the screen."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baolei.accounts.actions import give_grant, one_time_password, open_account
from baolei.accounts.models import User
from baolei.kernel.access import Actor, roles
from baolei.organizations.models import Organization


class Command(BaseCommand):
    help = "Open an account with a role, or give a further role to an account that exists."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[*roles()])
        parser.add_argument("--in", dest="code", required=True, help="organization code or region code")
        parser.add_argument("--name", default="", help="the holder's name; needed for a new account")
        parser.add_argument("--office", default="", help="the holder's office, shown to the people concerned")

    def handle(self, *, username, role, code, name, office, **options):
        nodes = Organization.objects.filter(closed_on=None).unscoped("the operator names any organization")
        organization = nodes.filter(region_code=code).first() or nodes.filter(code=code).first()
        if organization is None:
            raise CommandError(_("没有代码为“%(code)s”的党组织，请先导入党组织。") % {"code": code})
        actor = Actor.system("baolei account")
        user = User.objects.filter(username=username).first()
        try:
            if user is not None:
                give_grant(organization, actor=actor, user=user, role=role)
                self.stdout.write(_("已授权。"))
                return
            if not name:
                raise CommandError(_("新账号请用 --name 写明姓名。"))
            password = one_time_password()
            given = {"username": username, "name": name, "office": office, "role": role, "password": password}
            open_account(organization, actor=actor, **given)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(
            _("一次性密码（只显示这一次，首次登录后必须修改）：%(password)s") % {"password": password}
        )
