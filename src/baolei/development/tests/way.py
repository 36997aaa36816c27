"""One applicant carried over the 25 steps, with the days of a usual case."""

from datetime import date

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.development import actions
from baolei.development.models import Applicant
from baolei.kernel.votes import Vote
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

BORN = date(2000, 5, 4)
ALL = Vote(expected=20, present=11, written=1, yes=11, no=1, abstain=0)
COMMITTEE = Vote(expected=7, present=6, yes=5, no=0, abstain=1)

DAYS = {
    2: "2024-01-20",
    3: "2024-06-03",
    4: "2024-06-10",
    5: "2024-06-03",
    6: "2025-05-30",
    7: "2025-06-09",
    8: "2025-06-16",
    9: "2025-06-17",
    10: "2025-06-20",
    11: "2025-06-25",
    12: "2025-07-01",
    13: "2025-07-05",
    14: "2025-07-08",
    15: "2025-07-15",
    16: "2025-07-20",
    17: "2025-08-01",
    18: "2025-08-10",
    19: "2025-08-02",
    20: "2025-08-05",
    21: "2026-01-20",
    22: "2026-07-02",
    23: "2026-07-20",
    24: "2026-08-10",
    25: "2026-08-20",
}
"""Number of a step -> its day; the public notices run from 2025-06-09 and from 2026-07-06 on."""
NOTICES = {8: "2025-06-09", 23: "2026-07-06"}


class Way:
    """A branch with two and more formal members under a township's committee, and whoever acts."""

    def __init__(self):
        self.county = make_organization(kind=Kind.LOCAL_COMMITTEE)
        self.town = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.general = make_organization(self.town, kind=Kind.GENERAL_BRANCH)
        self.branch = make_branch(self.general)
        self.members = [MemberFactory(branch=self.branch) for _ in range(3)]
        self.secretary = self.actor("branch_secretary", self.branch)
        self.officer = self.actor("township_officer", self.town)

    @staticmethod
    def actor(role, organization):
        return actor_of(GrantFactory(role=role, organization=organization).user)

    def applied(self, on="2024-01-10", born=BORN, **given) -> Applicant:
        return actions.apply(
            given.pop("branch", self.branch),
            actor=given.pop("actor", self.secretary),
            **{
                "name": "申试行",
                "id_number": make_id_number(birth_date=born),
                "ethnicity": "01",
                "education": "21",
                "occupation": "farmer",
                "on": date.fromisoformat(on),
            }
            | given,
        )

    def usual(self, number: int) -> dict:
        """The arguments of a step in a usual case."""
        people = [member.pk for member in self.members]
        return {
            3: {"result": "by_league"},
            5: {"people": (people[0],)},
            6: {"result": "continue"},
            9: {"people": (people[0], people[1])},
            10: {"result": "passed", "document": "政审〔2025〕1号"},
            11: {"amount": 24},
            13: {"result": "passed", "document": "预审〔2025〕1号"},
            14: {"document": "NO.0001"},
            15: {"vote": ALL},
            17: {"document": "批〔2025〕1号", "vote": COMMITTEE},
            21: {"result": "continue"},
            23: {"result": "convert", "vote": ALL},
            24: {"document": "批〔2026〕1号", "vote": COMMITTEE},
        }.get(number, {})

    def take(self, applicant: Applicant, number: int, on: str = "", **given) -> Applicant:
        """The step, by the branch or the township's officer, on its usual day or that one."""
        actor = given.pop("actor", None)
        if actor is None:
            actor = self.secretary if actions.RULES[number].by == "branch" else self.officer
        day = date.fromisoformat(on or DAYS[number])
        step = actions.ACTIONS[number]
        return step(applicant, actor=actor, on=day, **(self.usual(number) | given))

    def noticed(self, applicant: Applicant, since: str) -> None:
        actions.give_notice(
            applicant, actor=self.secretary, since=date.fromisoformat(since), days=5, contact="0433-0000000"
        )
        actions.settle_notice(applicant, actor=self.secretary, objection="none")

    def until(self, last: int, applicant: Applicant | None = None, first: int = 2) -> Applicant:
        """All steps from `first` to `last`, notices included."""
        applicant = applicant or self.applied()
        for number in range(first, last + 1):
            if number in NOTICES:
                self.noticed(applicant, NOTICES[number])
            applicant = self.take(applicant, number)
        return applicant
