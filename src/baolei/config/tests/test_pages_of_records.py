"""Lists of records are paged end by end (D13): every row within reach once, forward and back, and counted."""

import re

import pytest
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.transfers.pages import TransferList
from baolei.transfers.tables import TransferTable
from baolei.transfers.tests.factories import make_transfer

pytestmark = pytest.mark.django_db
LIST = "transfers:transfer_list"
UID = re.compile(r"/transfers/transfers/([0-9a-f-]{36})/")


@pytest.fixture
def counties():
    return [make_organization(region_code=code) for code in ("222401", "222404")]


@pytest.fixture
def transfers(counties):
    """Within a county, over its border, and from and to another province, in mixed order."""
    east, west = [[make_branch(county) for _ in range(2)] for county in counties]
    pairs = [
        *((west[0], east[0]), (east[1], west[1]), (east[0], east[1]), (None, east[1]), (west[0], west[1])),
        *((west[1], None), (east[0], None), (east[1], west[0]), (west[1], east[1]), (None, west[0])),
        *((east[1], east[0]), (west[0], east[1])),
    ]
    return [make_transfer(sender, receiver) for sender, receiver in pairs]


def walked(client, order: str) -> tuple[list[list[str]], list[list[str]]]:
    """The uids of the pages from the first to the last, and from the last back to the first."""
    forward, back, address = [], [], f"?order={order}"
    while address:
        context = client.get(reverse(LIST) + address).context
        forward.append(UID.findall(context["table"].html))
        address, previous = context["next"], context["previous"]
    back.append(forward[-1])
    while previous:
        context = client.get(reverse(LIST) + previous).context
        back.append(UID.findall(context["table"].html))
        previous = context["previous"]
    return forward, back[::-1]


@pytest.mark.parametrize("order", ["place", "latest", "asked"])
@pytest.mark.parametrize("held", [(0,), (0, 1)])
def test_every_row_within_reach_stands_on_one_page(client, counties, transfers, monkeypatch, order, held):
    monkeypatch.setattr(TransferTable, "size", 3)
    user = GrantFactory(role="department_officer", organization=counties[held[0]]).user
    for number in held[1:]:
        GrantFactory(user=user, role="department_officer", organization=counties[number])
    client.force_login(user)
    tops = tuple(counties[number].key for number in held)
    mine = [t for t in transfers if any(end and end.key.startswith(tops) for end in (t.sender, t.receiver))]
    forward, back = walked(client, order)
    assert forward == back
    assert [len(page) for page in forward[:-1]] == [3] * (len(forward) - 1)
    listed = [uid for page in forward for uid in page]
    assert len(listed) == len(set(listed)) == len(mine)
    assert set(listed) == {str(t.uid) for t in mine}
    if order == "place":
        # First what leaves a branch within reach, by that branch; then what only arrives, by where it arrives.
        leaving = [t for t in mine if t.sender and t.sender.key.startswith(tops)]
        arriving = [t for t in mine if t not in leaving]
        wanted = sorted(leaving, key=lambda t: (t.sender.key, t.pk))
        wanted += sorted(arriving, key=lambda t: (t.receiver.key, t.pk))
        assert listed == [str(t.uid) for t in wanted]


def test_rows_are_counted_to_a_limit_and_further_when_asked(client, counties, transfers, monkeypatch):
    monkeypatch.setattr(TransferList, "count_limit", 6)
    client.force_login(GrantFactory(role="department_officer", organization=counties[0]).user)
    page = client.get(reverse(LIST))
    assert page.context["summary"] == "6 条以上"
    assert page.context["count_all"] == "?count=all"
    assert client.get(reverse(LIST) + "?order=asked").context["count_all"] == "?order=asked&count=all"
    counted = client.get(reverse(LIST) + page.context["count_all"])
    assert (counted.context["summary"], counted.context["count_all"]) == ("共 9 条", "")
    monkeypatch.setattr(TransferList, "count_limit", 9)
    assert client.get(reverse(LIST)).context["summary"] == "共 9 条"
