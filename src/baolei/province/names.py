"""Invented names of people: seeded pools by sex, decade of birth and ethnicity.

Names are put together from common surnames and characters; no list of real people is used.
"""

import random
from functools import cache

POOL = 4096

_SURNAMES = (
    "王97 李92 张90 刘76 赵48 孙42 杨38 于33 陈30 徐26 宋24 高24 马23 郭22 姜21 林19 朱18 周18 吴18 韩17 胡15 "
    "何14 曲13 丛12 邹12 隋11 冯15 董15 程13 曹13 袁11 邓10 许11 傅9 沈8 曾5 吕12 苏10 卢10 蒋7 蔡8 贾11 丁11 "
    "魏12 薛8 叶7 阎7 余6 潘8 杜12 戴7 夏8 钟5 汪7 田12 任11 范11 方8 石10 姚9 谭8 廖4 孔7 崔12 金10 关11 那4 "
    "佟4 白8 孟10 邵8 尹8 尚5 庄5 常7 齐9 迟7 初5 战3 鞠4 牟5 梁10 侯9 康6 毕6 满2 单5 滕4 栾5 车4 盖2 国2"
)
_KOREAN_SURNAMES = (
    "金220 朴95 李150 崔75 郑45 姜28 赵26 许22 林22 全22 尹18 韩16 黄14 张14 玄10 南9 安12 吴10 池6 "
    "严6 方5 洪6 俞4 文7 权6 徐6 申7 元3 成3 太3"
)
_MALE = {
    1920: "德福贵祥林山臣财有万春生玉振凤殿永广文国景忠义仁和顺发喜田庆宝成海清连占洪树",
    1950: "国建军民文华忠志荣胜利生山林春玉庆福祥明成海永洪树学金长少青云龙江喜才德友",
    1970: "伟刚勇军斌辉波宏志国海峰明亮永立庆东学春景文凯晓云龙江岩松野洋健宇鑫磊超杰",
    1985: "鹏飞宇航超磊鑫洋帅博凯晨旭阳浩杰睿岩松健昊楠天琦志明子佳俊雨航文轩森林锋",
    1998: "浩宇轩睿博文子涵晨阳俊杰天佑嘉铭皓然思远一鸣泽明家豪奕辰梓逸凡航旭尧哲恒",
}
_FEMALE = {
    1920: "秀兰英桂芝珍玉凤芳淑贞琴香荣华素清云莲花春霞珠梅彩娥",
    1950: "秀兰英桂玉凤芳淑琴丽华荣艳霞红梅敏杰春云萍洁亚雅静娟晶岩波晓",
    1970: "丽艳红霞梅敏静娟晶颖洁雪春晓秀英玉华丹萍莉娜岩杰慧宏亚立新冬",
    1985: "雪婷娜丹莹晶颖佳楠琳琪瑶倩爽慧静怡妍蕾雯思雨欣悦然晓露梦宁馨",
    1998: "雨涵欣怡诗思琪佳宁梦瑶子萱可心一诺梓晗语彤嘉艺悦馨然若溪雅雯",
}
_KOREAN_MALE = "哲洙龙虎日光学永成浩东范国奎镇元京万秀男云峰植勋赫哲俊"
_KOREAN_FEMALE = "玉英善花淑顺姬今红梅兰美香月爱莲仙子丹妍海燕慧京珠"
_MIDDLE = {
    1920: "永德玉凤振文福长广国春树景万淑桂秀连洪海",
    1950: "国建玉淑桂文春永海凤志金庆长洪亚秀丽景立",
    1970: "晓志海春立永洪丽玉亚艳宏庆云文明景东冬彦",
    1985: "晓佳思明天雨子文志海鑫宇春立婷梦雪俊嘉欣",
    1998: "子雨佳梓思嘉欣宇诗文俊梦一奕语若天晨家浩",
}
_SINGLE = {1920: 0.10, 1950: 0.22, 1970: 0.38, 1985: 0.36, 1998: 0.14}
DECADES = tuple(_MIDDLE)


def _spread(text: str) -> list[str]:
    spread = []
    for entry in text.split():
        spread += [entry[0]] * int(entry[1:])
    return spread


def decade(year: int) -> int:
    """Index of the pool of given names for a year of birth."""
    if year < 1950:
        return 0
    if year < 1970:
        return 1
    return 2 if year < 1985 else 3 if year < 1998 else 4


@cache
def surnames(korean: bool) -> tuple[str, ...]:
    """A pool of surnames, each as often as it is common."""
    chance = random.Random(f"surnames:{korean}")
    return tuple(chance.choices(_spread(_KOREAN_SURNAMES if korean else _SURNAMES), k=POOL))


@cache
def given_names(korean: bool) -> tuple[tuple[str, ...], ...]:
    """Pools of given names; index = 2 x decade, + 1 for women."""
    pools = []
    for start in DECADES:
        for last in (_MALE, _FEMALE):
            chance = random.Random(f"given:{korean}:{start}:{last is _FEMALE}")
            ends = last[start]
            middles = _MIDDLE[start] + ends
            if korean:
                ends = _KOREAN_FEMALE if last is _FEMALE else _KOREAN_MALE
                middles = ends + _MIDDLE[start][:8]
            single = 0.08 if korean else _SINGLE[start]
            pool = []
            while len(pool) < POOL:
                end = chance.choice(ends)
                if chance.random() < single:
                    pool.append(end)
                    continue
                middle = chance.choice(middles)
                if middle != end or chance.random() < 0.1:
                    pool.append(middle + end)
            pools.append(tuple(pool))
    return tuple(pools)
