"""Code lists of the register: standing, sex, ethnicity, education, occupation, and their groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Membership states (domain 2.2). A spell of membership runs only while the standing counts."""

    PROBATIONARY = "probationary", _("预备党员")
    FORMAL = "formal", _("正式党员")
    SUSPENDED = "suspended", _("停止党籍")
    DECEASED = "deceased", _("已去世")
    TRANSFERRED_OUT = "transferred_out", _("已转出省外")
    EXPELLED = "expelled", _("开除党籍")
    REMOVED = "removed", _("除名")
    ADVISED_OUT = "advised_out", _("劝退")
    PROBATION_CANCELLED = "probation_cancelled", _("取消预备党员资格")


COUNTED = (Standing.PROBATIONARY, Standing.FORMAL)
AGAIN = (Standing.EXPELLED, Standing.REMOVED, Standing.ADVISED_OUT, Standing.PROBATION_CANCELLED)
"""Who left the Party and may be admitted again (ADM-09, LST-05)."""
OUT = (Standing.SUSPENDED, Standing.TRANSFERRED_OUT, *AGAIN)
"""Ways of being out of the register from which somebody may come back."""


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


ETHNICITIES = {
    f"{number:02d}": f"{name}族"
    for number, name in enumerate(
        [
            "汉",
            "蒙古",
            "回",
            "藏",
            "维吾尔",
            "苗",
            "彝",
            "壮",
            "布依",
            "朝鲜",
            "满",
            "侗",
            "瑶",
            "白",
            "土家",
            "哈尼",
            "哈萨克",
            "傣",
            "黎",
            "傈僳",
            "佤",
            "畲",
            "高山",
            "拉祜",
            "水",
            "东乡",
            "纳西",
            "景颇",
            "柯尔克孜",
            "土",
            "达斡尔",
            "仫佬",
            "羌",
            "布朗",
            "撒拉",
            "毛南",
            "仡佬",
            "锡伯",
            "阿昌",
            "普米",
            "塔吉克",
            "怒",
            "乌孜别克",
            "俄罗斯",
            "鄂温克",
            "德昂",
            "保安",
            "裕固",
            "京",
            "塔塔尔",
            "独龙",
            "鄂伦春",
            "赫哲",
            "门巴",
            "珞巴",
            "基诺",
        ],
        start=1,
    )
} | {"97": "其他", "98": "外国血统中国籍人士"}
"""GB/T 3304."""

EDUCATIONS = {
    "11": _("博士研究生"),
    "12": _("博士研究生结业"),
    "14": _("硕士研究生"),
    "15": _("硕士研究生结业"),
    "21": _("大学本科"),
    "22": _("大学本科结业"),
    "31": _("大学专科"),
    "32": _("大学专科结业"),
    "41": _("中等专科"),
    "44": _("职业高中"),
    "47": _("技工学校"),
    "61": _("普通高中"),
    "71": _("初级中学"),
    "81": _("小学"),
    "90": _("其他"),
}
"""GB/T 4658; the first digit tells the level: 1 graduate, 2 bachelor, 3 college."""

COLLEGE_DIGITS = ("1", "2", "3")
"""First digits of an education of college or above."""


class Occupation(models.TextChoices):
    """Groups of the statistics' occupation tree (domain 6.3)."""

    ORGAN_STAFF = "organ_staff", _("党政机关工作人员")
    INSTITUTION_MANAGER = "institution_manager", _("事业单位管理人员")
    INSTITUTION_SPECIALIST = "institution_specialist", _("事业单位专业技术人员")
    ENTERPRISE_MANAGER = "enterprise_manager", _("公有制企业管理人员")
    ENTERPRISE_SPECIALIST = "enterprise_specialist", _("公有制企业专业技术人员")
    WORKER = "worker", _("工勤技能人员")
    PRIVATE_MANAGER = "private_manager", _("非公有制单位管理人员")
    PRIVATE_SPECIALIST = "private_specialist", _("非公有制单位专业技术人员")
    PRIVATE_WORKER = "private_worker", _("非公有制单位工勤技能人员")
    FARMER = "farmer", _("农牧渔民")
    STUDENT = "student", _("学生")
    RETIRED = "retired", _("离退休人员")
    SOLDIER_POLICE = "soldier_police", _("军人、武警")
    OTHER = "other", _("其他职业人员")
