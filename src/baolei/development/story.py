"""What has been done about an applicant so far, and what it leads to: stage, furthest step, next clock."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from baolei.development.codes import Result, Stage
from baolei.development.models import REPEATED, Applicant, Entry
from baolei.kernel.calendar import months_after

REVIEW, OBSERVE = REPEATED
"""Steps of the half-yearly reviews of activists and of probationary members."""

TALK_MONTHS = 1  # ADMIT 7
REVIEW_MONTHS = 6  # ADMIT 11, practice for step 21
CULTIVATION_MONTHS = 12  # ADMIT 13
REVIEW_VALID_MONTHS = 12  # ADMIT 16
MEETING_MONTHS = 1  # practice for step 15
APPROVAL_MONTHS, APPROVAL_MOST = 3, 6  # ADMIT ch. 4
PROBATION_MONTHS = 12  # ADM-01
EXTENSION_LEAST, EXTENSION_MOST = 6, 12  # ADM-02
DEFERRAL_MOST = 6  # ADM-03


class Story:
    """The entries of one applicant that count, by the number of the step."""

    def __init__(self, applicant: Applicant, entries: Iterable[Entry]):
        self.applicant = applicant
        self._entries: dict[int, list[Entry]] = {}
        for entry in sorted(entries, key=lambda entry: (entry.on, entry.pk)):
            if not entry.over:
                self._entries.setdefault(entry.number, []).append(entry)

    def has(self, number: int) -> bool:
        return number in self._entries

    def entry(self, number: int) -> Entry | None:
        """The last one of that step."""
        found = self._entries.get(number)
        return found[-1] if found else None

    def day(self, number: int) -> date | None:
        found = self.entry(number)
        return found.on if found else None

    def passed(self, number: int) -> bool:
        """Whether the step was done and did not say no."""
        found = self.entry(number)
        return found is not None and found.result != Result.FAILED

    @property
    def last(self) -> Entry:
        """The entry made last among those that count: only it can be corrected."""
        return max((e for found in self._entries.values() for e in found), key=lambda entry: entry.pk)

    @property
    def furthest(self) -> int:
        """The furthest step done."""
        return max(self._entries)

    @property
    def stage(self) -> str:
        """The stage of a person who is still under way."""
        if self.applicant.member_id is not None:
            return Stage.PROBATIONARY
        if self.has(8):
            return Stage.TARGET
        return Stage.ACTIVIST if self.has(3) else Stage.APPLICANT

    @property
    def last_review(self) -> date | None:
        """The last half-yearly review of the present time of observation, or its beginning."""
        if self.applicant.member_id is not None:
            return self.day(OBSERVE) or self.day(15)
        return self.day(REVIEW) or self.day(3)

    @property
    def last_discussion(self) -> date:
        """The day on which probation is over, later where the discussion was put off (ADM-03)."""
        return months_after(self.applicant.probation_until, self.applicant.deferred)

    @property
    def again_from(self) -> int | None:
        """The step from which it is to be done again; None where nothing is.

        What said no is done again; a review that ran out too; and what was not approved in time: after three months
        the branch deliberates once more, after six the admission begins with the pre-examination (ADMIT ch. 4).
        """
        if self.applicant.member_id is not None:
            return None
        for number, first in ((17, 13), (15, 15), (13, 13), (10, 10)):
            if self.has(number) and not self.passed(number):
                return first
        today = timezone.localdate()
        if self.has(15) and today > months_after(self.day(15), APPROVAL_MOST):
            return 13
        if self.has(15) and today > months_after(self.day(15), APPROVAL_MONTHS):
            return 15
        if self.has(10) and not self.has(13) and today > months_after(self.day(10), REVIEW_VALID_MONTHS):
            return 10
        return None

    @property
    def due_on(self) -> date | None:
        """The last day of what is waited for next; None where no rule sets one."""
        done, day = self.has, self.day
        if self.applicant.member_id is not None:
            if done(24):
                return None
            if done(23):
                return months_after(day(23), APPROVAL_MONTHS)
            return min(self.last_discussion, months_after(self.last_review, REVIEW_MONTHS))
        if done(15):
            return months_after(day(15), APPROVAL_MONTHS)
        if done(13):
            return months_after(day(13), MEETING_MONTHS) if self.passed(13) else None
        if done(8):
            return months_after(day(10), REVIEW_VALID_MONTHS) if self.passed(10) else None
        if done(3):
            return months_after(self.last_review, REVIEW_MONTHS)
        return None if done(2) else months_after(day(1), TALK_MONTHS)
