"""A branch under a township's committee under a county's, and one disposal carried through its steps."""

from datetime import date

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.disposals import actions
from baolei.disposals.models import Disposal
from baolei.kernel.votes import Vote
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.members.tests.world import NO_PASSWORD
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

FOR, AGAINST = (
    Vote(expected=5, present=4, yes=3, no=1, abstain=0),
    Vote(expected=5, present=4, yes=2, no=2, abstain=0),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


class Way:
    """Branch, general branch, township and county; the days of a usual case lie in the first half of 2026."""

    def __init__(self):
        self.county = make_organization(kind=Kind.LOCAL_COMMITTEE, name="东山县", region_code="229901")
        self.town = make_organization(self.county, kind=Kind.TOWNSHIP_COMMITTEE)
        self.general = make_organization(self.town, kind=Kind.GENERAL_BRANCH)
        self.branch = make_branch(self.general, name="东山村党支部")
        self.member = MemberFactory(branch=self.branch, name="处试行")
        for _ in range(4):
            MemberFactory(branch=self.branch)
        self.secretary = self.actor("branch_secretary", self.branch)
        self.officer = self.actor("township_officer", self.town)
        self.user = UserFactory(member_id=self.member.pk, password=NO_PASSWORD)
        self.own = actor_of(self.user)
        self.above = self.actor("department_officer", self.county)

    def branch_members(self) -> list[int]:
        return [*Member.rows.filter(branch=self.branch).order_by("pk").values_list("pk", flat=True)]

    @staticmethod
    def actor(role, organization):
        user = UserFactory(password=NO_PASSWORD)
        return actor_of(GrantFactory(user=user, role=role, organization=organization).user)

    @staticmethod
    def person(member: Member):
        return actor_of(UserFactory(member_id=member.pk, password=NO_PASSWORD))

    def opened(self, kind="remove", ground="31.1", lapse="", on="2026-01-05", **given) -> Disposal:
        return actions.open_disposal(
            given.get("member", self.member),
            actor=given.get("actor", self.secretary),
            ground=ground,
            kind=kind,
            lapse=lapse,
            on=day(on),
        )

    def usual(self, step: str, disposal: Disposal) -> dict:
        """What is given to a step in a usual case, its day and who does it included."""
        rectify = {"until": day("2026-08-20")} if disposal.kind == "rectify" else {}
        return {
            "talk": {"on": day("2026-01-10")},
            "meet": {"on": day("2026-01-20"), "vote": FOR},
            "report": {"on": day("2026-01-22")},
            "approve": {
                "on": day("2026-02-20"),
                "actor": self.officer,
                "result": "approved",
                "document": "镇组〔2026〕3号",
                **rectify,
            },
            "tell": {"on": day("2026-02-24")},
            "appeal": {"on": day("2026-03-10"), "actor": self.own},
            "decide": {
                "on": day("2026-04-20"),
                "actor": self.above,
                "result": "upheld",
                "document": "县组〔2026〕9号",
            },
            "execute": {"on": day("2026-05-06")},
            "refuse": {"on": day("2026-03-02")},
            "review": {"on": day("2026-08-21"), "result": "no_change"},
        }.get(step, {})

    def take(self, disposal: Disposal, step: str, **given) -> Disposal:
        """One step as in a usual case, or with what is given instead; the row is as it is then."""
        act = {"decide": actions.decide_appeal, "refuse": actions.refuse_to_leave}.get(step)
        act = act or getattr(actions, step)
        act(disposal, **({"actor": self.secretary} | self.usual(step, disposal) | given))
        disposal.refresh_from_db()
        return disposal

    def until(self, *steps: str, disposal: Disposal | None = None, **opened) -> Disposal:
        """All steps up to being told, then those named; of an opened disposal or a new one."""
        disposal = disposal or self.opened(**opened)
        for step in ("talk", "meet", "report", "approve", "tell", *steps):
            disposal = self.take(disposal, step)
        return disposal

    def advanced(self, last: str, **opened) -> Disposal:
        """All steps of the way to being told, `last` included."""
        disposal = self.opened(**opened)
        for step in ("talk", "meet", "report", "approve", "tell"):
            disposal = self.take(disposal, step)
            if step == last:
                break
        return disposal
