"""Names of organizations in proper form, and invented names of the units they stand for."""

import random

_SUFFIX = {
    "local_committee": ("委员会", "委"),
    "township_committee": ("委员会", "党委"),
    "basic_committee": ("委员会", "党委"),
    "village_committee": ("委员会", "党委"),
    "work_committee": ("工作委员会", "党工委"),
    "general_branch": ("总支部委员会", "党总支"),
    "branch": ("支部委员会", "党支部"),
    "joint_branch": ("联合支部委员会", "联合党支部"),
    "project_branch": ("支部委员会", "党支部"),
    "temporary_branch": ("临时支部委员会", "临时党支部"),
    "floating_org": ("流动党员支部委员会", "流动党员党支部"),
    "party_group": ("党组", "党组"),
    "functional_org": ("联检委员会", "联检党委"),
    "party_cell": ("党小组", "党小组"),
}

_DIGITS = "零一二三四五六七八九十"

_FIRST = "云雪松桦朔凌望岭辰瑞恒嘉禾沃源澄曜晟远泰博宏启新北峻青隆昌盛永丰裕融汇合同锦翔航拓信诚"
_SECOND = "杉原桦浪野川江峰辰泽禾源澄晖盛远泰达宏启润岭岳峦隆昌茂康丰裕融汇和通锦翔舟拓信诚立捷"

INDUSTRIES = (
    "食品 米业 木业 药业 机械 电子 建材 物流 商贸 农业 畜牧 化工 纺织 环保 能源 信息技术 装备制造 旅游 建筑工程 "
    "汽车零部件 矿泉饮品 人参制品 水产 包装 服饰 印务 家居 电力工程 物业服务 生物科技"
).split()
STATE_INDUSTRIES = (
    "能源集团 供热 水务 公共交通 粮食储备 城建投资 矿业 森工 轨道装备 机床 钢铁 热电 文旅投资".split()
)
SOCIAL = "商会 行业协会 律师事务所 会计师事务所 社会工作服务中心 养老服务中心 志愿服务协会 民办学校".split()
ORGANS = (
    "综合事务局 经济运行局 产业促进局 民生保障局 城乡建设服务局 农事服务局 水务管理局 林草管理局 文旅促进局 商贸服务局 "
    "人力资源服务局 财务统筹局 审计监督局 统计调查局 市场秩序局 应急服务局 医疗保障服务局 交通事务局 自然资源事务局 "
    "生态事务局 退役人员服务局 信访接待局 档案局 机关事务局 政务服务局 数据资源局 粮食物资局 园区服务局 广播电视事务局 "
    "法治服务局 党史研究室 政策研究室 老干部服务局 青少年工作委 妇女工作委 职工工作委 科普工作委 工商联络办 残疾人服务办 "
    "供销合作社 地震监测局 气象服务局 边境事务办 民族事务局 侨务联络办 体育事务局 住房事务局 乡村发展局"
).split()
FUNCTIONS = (
    "水利工程 农技推广 动物防疫 森林防护 公路养护 环境监测 城市绿化 公共卫生 就业服务 社会保险 不动产登记 "
    "文化馆 图书馆 博物馆 体育场馆 种子管理 土壤肥料 农机服务 植物保护 河道管理 市政设施 供水服务 建设质量 食品检验"
).split()
OFFICES = ("管理局", "执法局", "办事处", "管理分局")
INSTITUTIONS = "管理站 服务中心 监测站 事务所 管理处".split()
SCHOOLS = "小学 中学 实验学校 高级中学 幼儿园 职业学校".split()
HOSPITALS = "医院 中医院 妇幼保健院 康复医院 卫生服务中心".split()
_UNIVERSITY_WORDS = "云杉 雪原 桦岭 松浪 朔野 凌川 望江 北樾 白桦 江岚 黑壤 林海".split()
_UNIVERSITY_KINDS = "大学 理工大学 师范大学 医药大学 农林大学 财经学院 工程学院 职业技术学院".split()
COLLEGES = (
    "机械工程学院 信息学院 文学院 数学学院 物理学院 化学学院 生命科学学院 经济学院 管理学院 法学院 "
    "外国语学院 艺术学院 材料学院 土木工程学院 公共卫生学院 马克思主义学院"
).split()
TOWN_UNITS = "中心小学 中学 卫生院".split()


def organization(kind: str, body: str, short: str) -> tuple[str, str]:
    """Full and short name: (中共敬信镇委员会, 敬信镇党委) for `township_committee` of 敬信镇."""
    long_end, short_end = _SUFFIX[kind]
    return "中共" + body + long_end, short + short_end


def number(value: int) -> str:
    """Chinese numeral from 1 to 99: 第十二支部 is made of this."""
    if value <= 10:
        return _DIGITS[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


class Inventor:
    """Hands out invented names of units, each once in a domain."""

    def __init__(self, chance: random.Random, place: str) -> None:
        self._chance = chance
        self._place = place
        self._used: set[str] = set()
        self._organs = list(ORGANS)

    def _once(self, make) -> str:
        while (name := make()) in self._used:
            pass
        self._used.add(name)
        return name

    def _brand(self) -> str:
        first, second = self._chance.choice(_FIRST), self._chance.choice(_SECOND)
        # One pair of characters is a real city of the province.
        return first + "华" if first == second or first + second == "松原" else first + second

    def unit(self, sector: str) -> tuple[str, str]:
        """Name and kind of a new unit of a sector."""
        pick = self._chance.choice
        if sector == "organ":
            if self._organs:
                return self._place + self._organs.pop(0), "organ"
            kind, ending = (
                ("organ", OFFICES) if self._chance.random() < 0.8 else ("institution", INSTITUTIONS)
            )
            name = self._once(lambda: self._place + self._brand() + pick(FUNCTIONS) + pick(ending))
            return name, kind
        if sector == "school":
            return self._once(lambda: self._place + self._brand() + pick(SCHOOLS)), "school"
        if sector == "health":
            return self._once(lambda: self._place + self._brand() + pick(HOSPITALS)), "institution"
        if sector == "soe":
            name = self._once(lambda: self._place + self._brand() + pick(STATE_INDUSTRIES) + "有限公司")
            return name, "state_enterprise"
        if sector == "social":
            return self._once(lambda: self._place + self._brand() + pick(SOCIAL)), "social_organization"
        name = self._once(lambda: self._place + self._brand() + pick(INDUSTRIES) + "有限公司")
        return name, "private_enterprise"

    def neighbourhood(self) -> str:
        """Where the small firms of a joint branch lie."""
        return self._once(lambda: self._brand() + self._chance.choice(("商圈", "园区", "楼宇", "市场")))

    def project(self) -> str:
        """A building site with a branch of its own."""
        return self._once(
            lambda: self._brand() + self._chance.choice(("公路", "桥梁", "水利", "厂房")) + "项目部"
        )

    def university(self, index: int) -> str:
        """A university that does not exist; words and kinds are shifted so that names differ."""
        words, kinds = _UNIVERSITY_WORDS, _UNIVERSITY_KINDS
        return words[index % len(words)] + kinds[(index + index // len(words)) % len(kinds)]
