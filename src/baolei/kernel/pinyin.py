"""The pinyin of a name, for sorting and searching: by character, with the readings that surnames have.

Phrase dictionaries are of no use for names and cost 40 MB, so only the table of characters is read.
"""

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

SURNAMES = dict(
    pair.split(":")
    for pair in (
        "单:shan 曾:zeng 仇:qiu 朴:piao 解:xie 查:zha 盖:ge 区:ou 翟:zhai 缪:miao 洗:xian 冼:xian 乐:yue 召:shao "
        "种:chong 繁:po 员:yun 华:hua 纪:ji 覃:qin 黑:he 盛:sheng 沈:shen 能:nai 秘:bi 薄:bo 卜:bu 折:she 佴:nai "
        "车:che 贲:ben 隗:wei 谌:chen 逄:pang 晁:chao 郗:xi 郇:xun 郄:qie 阚:kan 逯:lu 亓:qi 祭:zhai 於:yu 应:ying "
        "哈:ha 撒:sa 相:xiang 重:chong 尉:wei 葛:ge 柏:bai 都:du 句:gou 勾:gou 牟:mou 粘:nian 宓:mi 瞿:qu 阙:que "
        "褚:chu 颉:xie 燕:yan 要:yao 訾:zi 宿:su 眭:sui 藏:zang 占:zhan 角:jue 舍:she 过:guo 观:guan 炅:gui 蕃:pi "
        "强:qiang 少:shao 那:na 宁:ning 任:ren 石:shi 尹:yin 万:wan 长:zhang 洪:hong 干:gan 大:da 令:ling 六:lu "
        "抹:mo 曲:qu 参:can 奇:qi 俞:yu 降:jiang 嵌:qian 适:kuo 殷:yin 费:fei 丁:ding 贾:jia 咸:xian 便:pian"
    ).split()
)
"""Readings of one-character surnames where they differ, or might, from the first of the dictionary."""

COMPOUND = {
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "单于": ("chan", "yu"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "令狐": ("ling", "hu"),
    "夏侯": ("xia", "hou"),
    "皇甫": ("huang", "fu"),
    "宰父": ("zai", "fu"),
    "钟离": ("zhong", "li"),
    "鲜于": ("xian", "yu"),
}
"""Surnames of two characters whose characters alone would be read otherwise."""


@cache
def _readings() -> dict[int, str]:
    """Code point -> its readings with tone marks, the most frequent first."""
    found = find_spec("pypinyin")
    table = Path(found.submodule_search_locations[0], "pinyin_dict.json").read_text("utf-8")
    return {int(code): readings for code, readings in json.loads(table).items()}


def _without_tones(reading: str) -> str:
    """Plain letters; u with two dots is v, as it is typed."""
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    plain = parts.replace("u\u0308", "v")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


class _Characters(dict):
    """Character -> plain reading, remembered; other signs stay, spaces and dots go."""

    def __missing__(self, character: str) -> str:
        readings = _readings().get(ord(character))
        if readings:
            plain = _without_tones(readings.split(",")[0])
        else:
            plain = character.lower() if character.isalnum() else ""
        self[character] = plain
        return plain


_plain = _Characters()


class _Names(dict):
    """First character of a name -> its reading as a surname, remembered."""

    def __missing__(self, character: str) -> str:
        self[character] = reading = SURNAMES.get(character) or _plain[character]
        return reading


_surname = _Names()


def name_pinyin(name: str) -> tuple[str, str]:
    """The name's reading without spaces and its initials: 单小明 -> ("shanxiaoming", "sxm").

    Letters of other scripts stay as they are, in lower case.
    """
    if name[:2] in COMPOUND and len(name) > 2:
        parts = [*COMPOUND[name[:2]], *[_plain[character] for character in name[2:]]]
    else:
        parts = [_plain[character] for character in name]
        if parts:
            parts[0] = _surname[name[0]]
    return "".join(parts), "".join([part[0] for part in parts if part])
