"""`baolei lookback`: the look back of one organization, from the records as they are or from an edition."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from baolei.kernel.figures.reach import find
from baolei.portal import queries
from baolei.portal.lookback.compose import Told, compose, mentioned, plain_text
from baolei.portal.lookback.facts import Fact, Facts, edition_facts, live_facts
from baolei.portal.models import Edition
from baolei.portal.pages.text import edition_note, numbers, sections

WRONG = 2
"""Exit code of a question that cannot be answered."""


class Command(BaseCommand):
    help = "打印一个地方党委的五年回眸：按现在的记录，或者按已发布的一期。"

    def add_arguments(self, parser):
        parser.add_argument("--in", dest="where", metavar="代码", help="区划代码（地方党委）或组织代码")
        parser.add_argument("--from", dest="first_year", type=int, metavar="年份", help="起始年份，如 2012")
        parser.add_argument("--to", dest="last_year", type=int, metavar="年份", help="截止年份，如 2016")
        parser.add_argument("--edition", default="", metavar="UID", help="按已发布的一期，不看现在的记录")
        parser.add_argument("--format", choices=("html", "md", "json"), default="md")

    def handle(self, *, format: str, **options):
        try:
            edition, facts = self._facts(**options)
        except ValidationError as error:
            raise CommandError("".join(error.messages), returncode=WRONG) from None
        told = compose(facts)
        made = {"html": as_html, "md": as_markdown, "json": as_json}[format](facts, told, edition)
        self.stdout.write(made)

    def _facts(
        self, *, where: str | None, first_year: int | None, last_year: int | None, edition: str, **options
    ) -> tuple[Edition | None, Facts]:
        if edition:
            found = self._edition(edition)
            return found, edition_facts(found)
        if not (where and first_year and last_year):
            raise CommandError(
                _("请用 --in、--from、--to 写明党组织和年份，或者用 --edition 写明一期。"), returncode=WRONG
            )
        node = find(where)
        if node is None:
            raise CommandError(
                _("没有区划代码或组织代码为“%(code)s”的党组织。") % {"code": where}, returncode=WRONG
            )
        return None, live_facts(node, first_year=first_year, last_year=last_year)

    def _edition(self, text: str) -> Edition:
        try:
            found = queries.published().filter(uid=UUID(text)).first()
        except ValueError:
            found = None
        if found is None:
            raise CommandError(_("没有编号为“%(uid)s”的已发布版本。") % {"uid": text}, returncode=WRONG)
        if not found.is_released:
            raise CommandError(_("这一期已经撤回。"), returncode=WRONG)
        return found


def as_json(facts: Facts, told: list[Told], edition: Edition | None) -> str:
    """The sections with their sentences, each with the figures it names."""
    data = {
        "title": facts.title,
        "source": facts.source,
        "area": facts.area,
        "first_year": facts.first_year,
        "last_year": facts.last_year,
        "as_of": facts.as_of.isoformat(),
        "edition": str(edition.uid) if edition else None,
        "entered_until": facts.entered_until.isoformat() if facts.entered_until else None,
        "demo": settings.BAOLEI_DEMO,
        "sections": [_section(section) for section in told],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_markdown(facts: Facts, told: list[Told], edition: Edition | None) -> str:
    """The text, then the numbers it names with day and definition."""
    lines = [f"# {facts.title}", "", _meta(facts, edition), ""]
    if settings.BAOLEI_DEMO:
        lines += [_("> 演示数据：单位、人物、数字均为虚构，不代表任何机构。"), ""]
    for section in told:
        lines += _section_lines(section, "##")
    lines += [_("## 本文数据"), "", _("| 数据 | 数值 | 时点 | 口径 |"), "|---|---:|---|---|"]
    lines += [
        f"| {f.label} | {f.exact} | {f.as_of.isoformat()} | {f.definition} |"
        for f in mentioned(told)
        if f.as_of == facts.day_of(f.code)
    ]
    return "\n".join([*lines, "", _("文中面积均为建筑面积。")])


def as_html(facts: Facts, told: list[Told], edition: Edition | None) -> str:
    """A whole document that stands alone."""
    note = edition_note(edition) if edition else _("按生成时的记录汇总，未经发布")
    context = {
        "facts": facts,
        "meta": _meta(facts, edition),
        "sections": sections(told, link=lambda fact: f"#{fact.code}", note=note),
        "numbers": numbers(told, facts, link=lambda fact: ""),
        "demo": settings.BAOLEI_DEMO,
    }
    return render_to_string("portal/document.html", context)


def _meta(facts: Facts, edition: Edition | None) -> str:
    if edition:
        released = timezone.localtime(edition.released_at)
        return _("来源：%(source)s　%(at)s") % {"source": facts.source, "at": f"{released:%Y-%m-%d %H:%M}"}
    made = timezone.localtime()
    return _("来源：%(source)s　草稿，按 %(at)s 的记录生成") % {
        "source": facts.source,
        "at": f"{made:%Y-%m-%d %H:%M}",
    }


def _section(section: Told) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "sentences": [
            {
                "text": plain_text(pieces),
                "figures": [_figure(piece.fact) | {"text": piece.text} for piece in pieces if piece.fact],
            }
            for pieces in section.sentences
        ],
        "parts": [_section(part) for part in section.parts],
    }


def _figure(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "value": fact.value if isinstance(fact.value, int) else float(fact.value),
        "unit": fact.unit,
        "numerator": _json_number(fact.numerator),
        "denominator": _json_number(fact.denominator),
        "as_of": fact.as_of.isoformat(),
        "status": fact.status,
    }


def _json_number(number):
    return number if number is None or isinstance(number, int) else float(number)


def _section_lines(section: Told, mark: str) -> list[str]:
    lines = [f"{mark} {section.title}", ""] if section.title else []
    if section.sentences:
        lines += ["".join(plain_text(pieces) for pieces in section.sentences), ""]
    for part in section.parts:
        lines += _section_lines(part, f"{mark}#")
    return lines
