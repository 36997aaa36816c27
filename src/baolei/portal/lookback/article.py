"""The text: sections in the order of the look back, each a list of sentences that name their figures.

    {members.total}          the figure on the last day of the span, as the text rounds it
    {members.total@first}    on the last day of the first year
    {members.total|exact}    unrounded
    {scope} {area} {as_of} {first_year} {last_year}    words of the edition

A sentence appears only if each of its figures has records. `change` names a figure: the sentence then tells
of its change over the span, in the words for a rise, a fall, or for two numbers that round to the same.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sentence:
    """A sentence; `change`, `fall` and `same` only for sentences about a change."""

    text: str | Promise
    change: str = ""
    fall: str | Promise = ""
    same: str | Promise = ""


@dataclass(frozen=True)
class Section:
    """A section or, with `parent`, a part of one; the lead has no title."""

    key: str
    title: str | Promise
    sentences: tuple[Sentence, ...] = field(default=())
    parent: str = ""


def change(code: str, *, rise: str | Promise, fall: str | Promise, same: str | Promise) -> Sentence:
    """A sentence about the change of a figure from the first to the last year end of the span."""
    return Sentence(rise, code, fall, same)


SECTIONS = (
    Section(
        "lead",
        "",
        (
            Sentence(
                _("截至{as_of}，{scope}{members.total}名党员分布在{organizations.total}个基层党组织中。")
            ),
            change(
                "members.total",
                rise=_(
                    "从{first_year}年末到{last_year}年末，党员由{members.total@first}名增加到{members.total}名。"
                ),
                fall=_(
                    "从{first_year}年末到{last_year}年末，党员由{members.total@first}名变为{members.total}名。"
                ),
                same=_(
                    "从{first_year}年末到{last_year}年末，党员人数保持稳定，由{members.total@first|exact}名变为{members.total|exact}名。"
                ),
            ),
        ),
    ),
    Section("point", _("抓点带面，以典型引路")),
    Section(
        "down",
        _("重心下移，把组织建到基层"),
        (
            change(
                "organizations.total",
                rise=_(
                    "重心下移，先要有落脚的地方。{first_year}年末，{scope}有基层党组织{organizations.total@first}个，"
                    "到{last_year}年末增加到{organizations.total}个。"
                ),
                fall=_(
                    "重心下移，先要有落脚的地方。随着合并与调整，{scope}基层党组织由{first_year}年末的"
                    "{organizations.total@first}个变为{last_year}年末的{organizations.total}个。"
                ),
                same=_(
                    "重心下移，先要有落脚的地方。{scope}基层党组织的数量保持稳定，{first_year}年末有"
                    "{organizations.total@first|exact}个，{last_year}年末有{organizations.total|exact}个。"
                ),
            ),
        ),
    ),
    Section("real", _("动真碰硬，把责任落到实处")),
    Section("brands", _("各领域的党建品牌")),
    Section("villages", _("农村"), parent="brands"),
    Section("communities", _("社区"), parent="brands"),
    Section("organs", _("机关"), parent="brands"),
    Section("state_enterprises", _("国有企业"), parent="brands"),
    Section("private_enterprises", _("非公有制企业和社会组织"), parent="brands"),
    Section("universities", _("高校"), parent="brands"),
    Section("border", _("固边兴边，红色堡垒连成线")),
    Section(
        "democracy",
        _("发扬党内民主，建好党员队伍"),
        (
            change(
                "members.structure.college_or_above",
                rise=_(
                    "队伍结构在变化：大专及以上学历的党员，{first_year}年末占{members.structure.college_or_above@first}，"
                    "{last_year}年末占到{members.structure.college_or_above}。"
                ),
                fall=_(
                    "大专及以上学历的党员，{first_year}年末占{members.structure.college_or_above@first}，"
                    "{last_year}年末占{members.structure.college_or_above}。"
                ),
                same=_(
                    "大专及以上学历的党员占{members.structure.college_or_above}，与{first_year}年末大体相当。"
                ),
            ),
            change(
                "members.structure.women",
                rise=_("女党员的比例由{members.structure.women@first}上升到{members.structure.women}。"),
                fall=_("女党员的比例由{members.structure.women@first}变为{members.structure.women}。"),
                same=_("女党员占{members.structure.women}，比例保持稳定。"),
            ),
            Sentence(
                _(
                    "到{last_year}年末，35岁及以下的党员占{members.structure.aged_35_or_less}，是队伍里的新生力量。"
                )
            ),
        ),
    ),
    Section(
        "close",
        _("一个支部，一座堡垒"),
        (
            Sentence(
                _(
                    "一个支部就是一座堡垒，一名党员就是一面旗帜。{organizations.total|exact}个基层党组织、"
                    "{members.total|exact}名党员，是{area}这{years}写下的答卷，也是下一程的起点。"
                )
            ),
        ),
    ),
)
