"""Votes of a meeting as pure numbers: quorum and majority are counted from who should attend."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Vote:
    """`expected`: who has a vote and should attend; `written`: absent, with a written opinion handed in before.

    `yes`, `no` and `abstain` hold both. Ballots that were not returned or are not valid stand in none of them.
    Raises ValidationError for numbers that cannot be.
    """

    expected: int
    present: int
    yes: int
    no: int
    abstain: int
    written: int = 0

    def __post_init__(self):
        if min(self.expected, self.present, self.written, self.yes, self.no, self.abstain) < 0:
            raise ValidationError(_("人数不能是负数。"))
        if self.present + self.written > self.expected:
            raise ValidationError(_("实到和会前提交书面意见的人数之和不能多于应到会人数。"))
        if self.yes + self.no + self.abstain > self.present + self.written:
            raise ValidationError(_("赞成、不赞成、弃权之和不能多于实到和会前提交书面意见的人数之和。"))

    @property
    def has_quorum(self) -> bool:
        """Whether more than half of those who should attend are there; written opinions are not."""
        return self.present * 2 > self.expected

    @property
    def is_passed(self) -> bool:
        """Whether more than half of those who should attend are in favour, written opinions included."""
        return self.has_quorum and self.yes * 2 > self.expected
