"""Figures of training: windows, closed bases and organizations, levels, the latest confirmed number."""

from datetime import date

import pytest

from baolei.kernel.access import Actor
from baolei.kernel.figures import behind
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.laws import equal_recompute, stored_equal_live
from baolei.kernel.figures.stored import refold
from baolei.kernel.figures.values import today, value
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.training.models import Base, Session
from baolei.training.tests.factories import make_base, make_group, make_report, make_session

pytestmark = pytest.mark.django_db

END = date(2016, 12, 31)
COMMUNITY, UNIVERSITY = "training.community_attendances", "universities.training_attendances"
ORGAN = "training.organ_attendances_this_year"


@pytest.fixture
def province():
    return make_organization(region_code="220000")


@pytest.fixture
def county(province):
    return make_organization(make_organization(province, region_code="222400"), region_code="222404")


def of(code, node, on=END):
    found = value(figure(code), node, on=on)
    return found.value, found.status, found.rows


def test_community_bases_open_on_the_day(county):
    host = make_branch(county)
    make_base(host, first=END)
    make_base(host, last=date(2016, 12, 30))
    make_base(host, Base.Kind.ORGAN_TRAINING)
    make_base(make_branch(county, closed_on=END))
    assert of("training.community_bases", county) == (1, "ok", 1)
    assert of("training.community_bases", county, date(2016, 12, 30)) == (2, "ok", 2)


def test_university_bases_count_at_the_province_alone(province, county):
    host = make_organization(province, kind=Kind.BASIC_COMMITTEE)
    for kind in (Base.Kind.COUNSELLORS, Base.Kind.COUNSELLORS, Base.Kind.STUDENT_MENTAL_HEALTH):
        make_base(host, kind)
    make_base(host)
    assert of("universities.training_bases", province) == (3, "ok", 3)
    for node in (county, county.parent, host):
        assert of("universities.training_bases", node)[:2] == (None, "not_applicable")
    assert of("training.community_bases", host)[0] == 1


def test_attendances_are_members_once_a_session_and_the_others(county):
    base, member = make_base(make_branch(county)), MemberFactory()
    make_session(base, date(2013, 1, 1), others=20, members=[member])
    make_session(base, END, others=5, members=[member, MemberFactory()])
    make_session(base, date(2012, 12, 31), others=100)
    make_session(base, date(2017, 1, 1), others=100)
    make_session(make_branch(county), date(2014, 1, 1), others=100)
    assert of(COMMUNITY, county) == (28, "ok", 2)
    assert of(COMMUNITY, county, date(2016, 12, 30)) == (21, "ok", 1)
    assert of(COMMUNITY, county, date(2012, 12, 31)) == (0, "ok", 0)
    page = behind.page(figure(COMMUNITY), county, on=END, actor=Actor.system("试验"))
    assert [row["attendances"] for row in page.rows] == [21, 7]


def test_sessions_of_closed_bases_and_organizations_keep_counting(county):
    base = make_base(make_branch(county), last=date(2014, 12, 31))
    make_session(base, date(2014, 5, 1), others=10)
    gone = make_branch(county, closed_on=date(2015, 1, 1))
    make_session(make_base(gone), date(2014, 6, 1), others=7, members=[MemberFactory()])
    assert of(COMMUNITY, county)[0] == 18
    assert of(COMMUNITY, county, date(2014, 5, 31))[0] == 10


def test_university_attendances_since_2012(province, county):
    base = make_base(make_organization(province, kind=Kind.BASIC_COMMITTEE), Base.Kind.COUNSELLORS)
    make_session(base, date(2011, 12, 31), others=9)
    make_session(base, date(2012, 1, 1), others=30, members=[MemberFactory()])
    assert of(UNIVERSITY, province) == (31, "ok", 1)
    assert of(COMMUNITY, province)[0] == 0
    assert of(UNIVERSITY, county)[1] == "not_applicable"


def test_organ_attendances_run_from_the_year_to_the_day(county):
    body, to = make_organization(county, kind=Kind.WORK_COMMITTEE), Session.Audience.ORGAN_MEMBERS
    make_session(body, date(2016, 12, 31), others=40, audience=to)
    make_session(body, date(2017, 1, 1), others=20, members=[MemberFactory()], audience=to)
    make_session(make_base(body), date(2017, 5, 23), others=3, audience=to)
    make_session(body, date(2017, 5, 23), others=500)
    assert of(ORGAN, county, date(2017, 5, 23)) == (24, "ok", 2)
    assert of(ORGAN, county, date(2017, 5, 22))[0] == 21
    assert of(ORGAN, county, END)[0] == 40
    assert of(ORGAN, county, date(2018, 1, 1))[0] == 0


def test_students_are_the_latest_number_confirmed_by_the_day(province):
    unit = make_unit(make_organization(province, kind=Kind.BASIC_COMMITTEE), kind=UnitKind.UNIVERSITY)
    one, two, over = make_group(unit), make_group(unit), make_group(unit, last=date(2016, 12, 30))
    make_report(one, 600, date(2015, 11, 1), date(2015, 11, 5))
    make_report(one, 700, date(2016, 11, 1), date(2016, 12, 30))
    make_report(one, 650, date(2014, 11, 1), END)
    make_report(two, 900, date(2016, 11, 1))
    make_report(over, 50, date(2016, 11, 1), date(2016, 11, 2))
    assert of("universities.youth_groups", province) == (2, "ok", 2)
    assert of("universities.youth_students", province) == (700, "ok", 2)
    assert of("universities.youth_groups", province, date(2016, 12, 30))[0] == 3
    assert of("universities.youth_students", province, date(2016, 12, 30))[0] == 750
    assert of("universities.youth_students", province, date(2016, 12, 29))[0] == 650
    page = behind.page(figure("universities.youth_students"), province, on=END, actor=Actor.system("试验"))
    assert [(row["students"], row["confirmed_on"]) for row in page.rows] == [
        (700, date(2016, 12, 30)),
        (0, None),
    ]


def test_stored_and_recomputed_values_agree(province, county):
    gone = make_branch(county, closed_on=date(2015, 1, 1))
    make_session(make_base(gone), date(2014, 6, 1), others=7, members=[MemberFactory()])
    make_base(make_branch(county))
    host = make_organization(province, kind=Kind.BASIC_COMMITTEE)
    make_session(make_base(host, Base.Kind.COUNSELLORS), date(2015, 1, 1), others=4)
    make_session(county, today(), others=6, audience=Session.Audience.ORGAN_MEMBERS)
    make_session(county, date(2017, 5, 23), others=6, audience=Session.Audience.ORGAN_MEMBERS)
    group = make_group(make_unit(host, kind=UnitKind.UNIVERSITY))
    make_report(group, 80, date(2013, 11, 1), date(2013, 11, 2))
    make_report(group, 90, date(2014, 11, 1), date(2014, 11, 2))
    refold()
    assert stored_equal_live().violations == 0
    finding = equal_recompute()
    assert (finding.violations, finding.examples) == (0, [])
    assert of(COMMUNITY, province)[0] == 8
    assert of("universities.youth_students", province)[0] == 90
