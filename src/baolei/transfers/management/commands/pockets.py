"""`baolei pockets`: the finder of pocket members now, or how well it does on the planted cases of a demo."""

import csv
import json
from collections import Counter
from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from baolei.kernel.demo import TRUTH
from baolei.kernel.places import instance_root
from baolei.transfers.finder import cases_found, find_hints
from baolei.transfers.jobs import FINDER


class Command(BaseCommand):
    help = "查找口袋党员线索（每天夜里自动进行）；演示数据上可以评估查准率和查全率"

    def add_arguments(self, parser):
        parser.add_argument("--evaluate", action="store_true", help="只评估，不提示；须是演示数据")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args, evaluate, format, **options):
        began = monotonic()
        if not evaluate:
            find_hints(None, actor=FINDER)
            # How many is told to nobody above the basic committee (G-09).
            self.stdout.write(f"已查找，用时 {monotonic() - began:.1f} 秒。线索由党支部和基层党委核实。")
            return
        found = cases_found()
        measured = {"seconds": round(monotonic() - began, 2)} | judged(planted(), found)
        if format == "json":
            self.stdout.write(json.dumps(measured, ensure_ascii=False, indent=2))
            return
        self.stdout.write("查准率 {precision}，查全率 {recall}，用时 {seconds} 秒".format(**measured))
        for story, (number, proposed) in measured["stories"].items():
            self.stdout.write(f"  {story}：{number} 件，提示 {proposed} 件")


def planted() -> dict[str, tuple[bool, str]]:
    """Number of a transfer -> whether its member is a pocket member, and the story. Raises CommandError without."""
    try:
        with open(instance_root() / TRUTH, encoding="utf-8", newline="") as file:
            return {row["ref"]: (row["truth"] == "1", row["story"]) for row in csv.DictReader(file)}
    except FileNotFoundError:
        raise CommandError("这里没有演示数据的真值，不能评估；请先运行 ./run demo。") from None


def judged(truth: dict[str, tuple[bool, str]], found: set[str]) -> dict[str, object]:
    """What was found against what is true; what nobody planted counts as wrongly proposed."""
    true = {ref for ref, (is_true, _story) in truth.items() if is_true}
    right = len(true & found)
    stories = Counter(story for _true, story in truth.values())
    proposed = Counter(truth[ref][1] for ref in found & truth.keys())
    return {
        "cases": len(true),
        "decoys": len(truth) - len(true),
        "proposed": len(found),
        "right": right,
        "wrong": len(found) - right,
        "missed": len(true) - right,
        "unplanted": len(found - truth.keys()),
        "precision": round(right / len(found), 4) if found else None,
        "recall": round(right / len(true), 4) if true else None,
        "stories": {story: [number, proposed[story]] for story, number in sorted(stories.items())},
    }
