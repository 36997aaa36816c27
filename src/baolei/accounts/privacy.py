"""Accounts, roles and tokens."""

from django.utils.translation import gettext_lazy as _

from baolei.accounts.access import Can
from baolei.accounts.models import Grant, Token, User
from baolei.kernel.privacy import holds

holds(
    User,
    whose=_("工作人员；有账号的党员"),
    purpose=_("登录和办理工作"),
    ground=_("网络安全法第21条、第24条"),
    kept=_("账号使用期间；操作记录要用的姓名长期保存"),
    seen=(Can.VIEW,),
    person="member_id",
)
holds(
    Grant,
    whose=_("工作人员"),
    purpose=_("谁在哪里有什么权限"),
    ground=_("网络安全法第21条"),
    kept=_("长期保存，按起止日期"),
    seen=(Can.VIEW,),
    person="user__member_id",
)
holds(
    Token,
    whose=_("工作人员"),
    purpose=_("本人的程序读取接口"),
    ground=_("网络安全法第21条"),
    kept=_("到期或收回以后不能再用，记录长期保存"),
    seen=(Can.AUDIT,),
    person="user__member_id",
)
