"""The stranger's form, slip and corrections, and the officers' pages of complaints."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.config.menu import groups
from baolei.kernel.models import Event
from baolei.portal import actions as editions
from baolei.portal.complaints import actions
from baolei.portal.complaints.subjects import Subject
from baolei.portal.models import Complaint, Correction
from baolei.portal.tests.factories import (
    SYSTEM,
    file_complaint,
    make_user,
)

pytestmark = pytest.mark.django_db

NEW = reverse("portal:complain")
SLIP = reverse("portal:slip")
GOOD = {"kind": "number", "text": "应当是 12 人，不是 13 人。"}


def about_total(edition, place="") -> str:
    return f"?edition={edition.uid}&figure=members.total" + (f"&place={place}" if place else "")


def county(land, name="东山县"):
    return land.branches[name].parent.parent


def slip_in(page: str) -> str:
    return re.search(r"data-slip><strong>([A-Z2-9-]{14})<", page)[1]


class TestStrangers:
    def test_links_stand_beside_every_number_and_lead_to_a_form_that_knows_it(self, client, edition):
        figure = client.get(reverse("portal:figure", args=[edition.uid, "members.total"])).content.decode()
        article = client.get(reverse("portal:article", args=[edition.uid])).content.decode()
        amp = about_total(edition).replace("&", "&amp;")
        assert figure.count("这个数不对</a>") == 1 and figure.count("这个数不对<span") == 3
        for place in ("", "&amp;place=222400", "&amp;place=222401", "&amp;place=222404"):
            assert f'href="{NEW}{amp}{place}"' in figure, place
        assert f'href="{NEW}{amp}"' in article
        form = client.get(NEW + about_total(edition, "222404")).content.decode()
        assert "《松江省基层党建五年回眸（2012—2016年）》“党员总数”（西岭县）" in form
        assert 'value="number" required id="id_kind_0" checked' in form.replace('"  ', '" ')

    @pytest.mark.parametrize("path", ["/", "/lookback/", "/corrections/", SLIP, NEW])
    def test_every_public_page_offers_it_at_its_foot(self, client, edition, path):
        page = client.get(path).content.decode()
        assert f'<a href="{NEW}?page=' in page and "更正公告</a>" in page and "查询投诉</a>" in page

    def test_from_the_form_to_the_slip_to_the_answer(self, client, land, edition):
        page = client.post(NEW + about_total(edition, "222401"), GOOD)
        assert page.status_code == 200 and "no-store" in page.headers["Cache-Control"]
        slip = slip_in(page.content.decode())
        complaint = Complaint.rows.get()
        assert (complaint.figure, complaint.place, complaint.holder) == (
            "members.total",
            "222401",
            land.province,
        )
        assert complaint.due_on.strftime("%Y年") in page.content.decode()
        asked = client.post(SLIP, {"slip": slip.lower().replace("-", " ")}).content.decode()
        assert "正在办理" in asked and GOOD["text"] in asked and slip not in asked
        actions.answer(complaint, actor=SYSTEM, outcome="declined", answer="不属于本页内容。")
        asked = client.post(SLIP, {"slip": slip}).content.decode()
        assert "不受理" in asked and "不属于本页内容。" in asked
        assert "sessionid" not in client.cookies

    def test_every_wrong_slip_gets_the_same_answer(self, client, edition):
        file_complaint(Subject(page="home"), slip="ABCD-2345-WXYZ")
        pages = set()
        for wrong in ("ABCD-2345-WXY2", "ABCD", "0000-0000-0000", "'; --", "长" * 12):
            answer = client.post(SLIP, {"slip": wrong})
            assert answer.status_code == 404
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
            pages.add(re.sub(r'name="slip" value="[^"]*"', "", text))
        assert len(pages) == 1 and "没有查到这个查询码" in pages.pop()

    @pytest.mark.parametrize(
        "number", ["222404197003150011", "13900001111", "222404 19700315 0011", "139-0000-1111"]
    )
    def test_a_number_in_the_text_is_warned_of_once_and_then_taken(self, client, edition, number):
        body = GOOD | {"text": f"请打{number}。"}
        warned = client.post(NEW, body)
        assert warned.status_code == 200 and "像是有身份证号或手机号" in warned.content.decode()
        assert 'name="warned" value="1"' in warned.content.decode() and not Complaint.rows.exists()
        assert client.post(NEW, body | {"warned": "1"}).context["slip"]
        assert number in Complaint.rows.get().text

    @pytest.mark.parametrize(
        "wrong",
        [
            {"text": ""},
            {"text": " \n "},
            {"kind": ""},
            {"kind": "x"},
            {"text": "长" * 1001},
            {"website": "x"},
        ],
    )
    def test_a_form_that_is_not_right_keeps_nothing(self, client, edition, wrong):
        assert client.post(NEW, GOOD | wrong).status_code == 422
        assert (
            not Complaint.rows.exists() and not Event.objects.filter(action="portal.complaint.file").exists()
        )

    def test_past_the_days_limit_the_answer_is_429(self, client, edition, monkeypatch):
        monkeypatch.setattr(actions, "A_DAY", 1)
        assert client.post(NEW, GOOD).status_code == 200
        refused = client.post(NEW, GOOD)
        assert refused.status_code == 429 and "请明天再来" in refused.content.decode()
        assert Complaint.rows.count() == 1

    def test_it_is_refused_without_the_token(self, edition):
        assert Client(enforce_csrf_checks=True).post(NEW, GOOD).status_code == 403

    def test_what_a_stranger_does_not_see_has_no_form(self, client, land, edition):
        editions.withdraw(edition, actor=SYSTEM, document="组字2017年第3号")
        for query in (about_total(edition), "?page=editions", "?edition=1"):
            assert client.get(NEW + query).status_code == 404
            assert client.post(NEW + query, GOOD).status_code == 404

    def test_an_empty_register_takes_none(self, client):
        assert client.get(NEW).status_code == 200
        assert client.post(NEW, GOOD).status_code == 404

    def test_an_officer_complains_as_a_stranger(self, client, land, edition):
        client.force_login(make_user(land.province))
        client.post(NEW, GOOD)
        event = Event.objects.get(action="portal.complaint.file")
        assert (event.actor_id, event.actor_name, event.request_id) == (None, "访客", "")

    def test_text_and_slip_are_not_logged(self, client, edition, caplog):
        with caplog.at_level("DEBUG"):
            page = client.post(NEW, GOOD)
            client.post(SLIP, {"slip": slip_in(page.content.decode())})
            client.post(NEW, GOOD | {"kind": "x"})
        logged = "".join(
            f"{r.getMessage()}{r.__dict__.get('params', '')}"
            for r in caplog.records
            if r.name != "django.db.backends"
        )
        assert GOOD["text"] not in logged and slip_in(page.content.decode()) not in logged

    def test_corrections_are_public_and_stand_on_the_page_of_their_figure(self, client, edition):
        assert "还没有更正" in client.get(reverse("portal:corrections")).content.decode()
        complaint = file_complaint(
            Subject(
                edition=edition, figure=edition.figures.get(code="members.total", as_of=date(2016, 12, 31))
            ),
            text="投诉之文",
        )
        actions.answer(
            complaint, actor=SYSTEM, outcome="corrected", answer="答复之文", said="13人", right="12人"
        )
        for path in (
            reverse("portal:corrections"),
            reverse("portal:figure", args=[edition.uid, "members.total"]),
        ):
            page = client.get(path).content.decode()
            assert "13人" in page and "12人" in page
            assert "投诉之文" not in page and "答复之文" not in page and str(complaint.uid) not in page
        other = client.get(reverse("portal:figure", args=[edition.uid, "organizations.total"]))
        assert "有更正。" not in other.content.decode()
        editions.withdraw(edition, actor=SYSTEM, document="组字2017年第3号")
        page = client.get(reverse("portal:corrections")).content.decode()
        assert "12人" in page and f"/lookback/{edition.uid}/" not in page

    def test_corrections_by_pages(self, client, edition, monkeypatch):
        monkeypatch.setattr("baolei.portal.pages.complaining.A_PAGE", 2)
        for number in range(3):
            Correction.objects.create(
                page="home", subject="首页", corrected_on=date(2017, 3, 1), said=f"甲{number}", right="乙"
            )
        first, second = (client.get(f"/corrections/{q}").content.decode() for q in ("", "?page=2"))
        assert "甲2" in first and "甲1" in first and "甲0" not in first and "甲0" in second
        assert client.get("/corrections/?page=x").status_code == 200


class TestOfficers:
    @pytest.fixture
    def complaint(self, edition):
        return file_complaint(
            Subject(
                edition=edition,
                figure=edition.figures.get(code="members.total", as_of=date(2016, 12, 31)),
                place=edition.places.get(region_code="222401"),
            )
        )

    def page(self, name, complaint) -> str:
        return reverse(f"portal:{name}", args=[complaint.uid])

    def listed(self, client, query="") -> list[str]:
        page = client.get(reverse("portal:complaint_list") + query)
        assert page.status_code == 200
        return [row[0] for row in page.context["table"].rows]

    def test_the_list_has_what_is_to_be_done_first(self, client, land, edition, complaint):
        client.force_login(make_user(land.province))
        late = file_complaint(Subject(page="home"))
        Complaint.rows.filter(pk=late.pk).update(received_on="2017-01-01", due_on="2017-01-15")
        done = file_complaint(Subject(page="search"))
        actions.answer(done, actor=SYSTEM, outcome="stands", answer="无误。")
        assert self.listed(client) == ["首页", complaint.subject]
        assert self.listed(client, "?state=overdue") == ["首页"]
        assert self.listed(client, "?state=answered") == ["搜索"]
        assert len(self.listed(client, "?state=")) == 3
        assert self.listed(client, f"?organization={county(land).uid}") == []
        assert "已超期" in client.get(reverse("portal:complaint_list")).content.decode()

    def test_an_empty_list_says_what_would_stand_there(self, client, land):
        client.force_login(make_user(land.province))
        assert "没有要办的投诉" in client.get(reverse("portal:complaint_list")).content.decode()

    def test_the_menu_tells_how_many_wait(self, client, land, complaint):
        officer, clerk = make_user(land.province), make_user(county(land), role="department_officer")

        def counts(user):
            items = [item for group in groups(actor_of(user)) for item in group["items"]]
            return {item["label"]: item["count"] for item in items}["投诉与纠错"]

        assert (counts(officer), counts(clerk)) == (1, 0)
        actions.answer(complaint, actor=SYSTEM, outcome="stands", answer="无误。")
        assert counts(officer) == 0
        secretary = make_user(land.branches["东山县"], role="branch_secretary")
        assert "投诉与纠错" not in {item["label"] for g in groups(actor_of(secretary)) for item in g["items"]}

    def test_read_pass_on_and_answer(self, client, land, edition, complaint):
        client.force_login(make_user(land.province))
        page = client.get(self.page("complaint", complaint)).content.decode()
        assert (
            complaint.text in page and reverse("portal:figure", args=[edition.uid, "members.total"]) in page
        )
        assert 'value="222401"' in client.get(self.page("pass_on", complaint)).content.decode()
        assert client.post(self.page("pass_on", complaint), {"to": "222401"}).status_code == 302
        client.force_login(make_user(county(land), role="department_officer"))
        assert client.get(self.page("answer", complaint)).status_code == 200
        incomplete = {"outcome": "corrected", "answer": "已更正。"}
        refused = client.post(self.page("answer", complaint), incomplete)
        assert refused.status_code == 422 and "更正必须写明" in refused.content.decode()
        given = incomplete | {"said": "6人", "right": "5人"}
        assert client.post(self.page("answer", complaint), given).status_code == 302
        page = client.get(self.page("complaint", complaint)).content.decode()
        assert "已更正。" in page and "更正为“5人”" in page
        history = client.get(self.page("complaint_history", complaint)).content.decode()
        for words in ("收到投诉", "转交投诉", "答复投诉"):
            assert words in history
        assert complaint.text not in history and "已更正。" not in history
        for name in ("answer", "pass_on"):
            assert client.get(self.page(name, complaint)).status_code == 404

    def test_an_answer_with_a_number_is_warned_of_once(self, client, land, complaint):
        client.force_login(make_user(land.province))
        given = {"outcome": "stands", "answer": "请打13900001111。"}
        assert "仍然答复" in client.post(self.page("answer", complaint), given).content.decode()
        assert Complaint.rows.get().is_open
        assert client.post(self.page("answer", complaint), given | {"warned": "1"}).status_code == 302

    def test_out_of_reach_it_does_not_exist(self, client, land, complaint):
        actions.pass_on(complaint, actor=SYSTEM, to=county(land))
        client.force_login(make_user(county(land), role="department_officer"))
        for to in (county(land, "西岭县").code, "220000", "nowhere", "\x01"):
            answer = client.post(self.page("pass_on", complaint), {"to": to})
            assert answer.status_code == 404 or (to == "\x01" and answer.status_code == 422), to
        assert Complaint.rows.get().holder == county(land)
        assert (
            client.post(self.page("pass_on", complaint), {"to": land.branches["东山县"].code}).status_code
            == 422
        )
        for user in (
            make_user(county(land, "西岭县"), role="department_officer"),
            make_user(land.branches["东山县"], role="branch_secretary"),
        ):
            client.force_login(user)
            for name in ("complaint", "complaint_history", "answer", "pass_on"):
                assert client.get(self.page(name, complaint)).status_code == 404
            assert (
                client.post(self.page("answer", complaint), {"outcome": "stands", "answer": "无"}).status_code
                == 404
            )
        assert Complaint.rows.get().is_open

    def test_what_is_erased_says_so(self, client, land, complaint):
        actions.answer(complaint, actor=SYSTEM, outcome="stands", answer="无误。")
        Complaint.rows.update(received_on="2017-01-01", due_on="2017-01-15", answered_on="2017-01-02")
        actions.erase(complaint, actor=SYSTEM)
        client.force_login(make_user(land.province))
        page = client.get(self.page("complaint", complaint)).content.decode()
        assert page.count("按期清除") == 2 and "无误。" not in page
