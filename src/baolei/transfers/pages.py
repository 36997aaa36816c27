"""Lists of transfers and of pocket members' cases, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.kernel.tree import below
from baolei.transfers import queries
from baolei.transfers.access import Can
from baolei.transfers.models import PocketCase, Transfer
from baolei.transfers.tables import PocketCaseTable, TransferMore, TransferTable


def _of_either_end(rows, organization):
    return rows.filter(
        below(organization.key, field="sender__key") | below(organization.key, field="receiver__key")
    )


class TransferList(RecordList):
    noun, title, permission, export_permission = (
        "transfers:transfer",
        _("组织关系转接"),
        Can.VIEW,
        Can.EXPORT,
    )
    queryset, table, more = queries.transfers, TransferTable, TransferMore
    filters = (
        SubtreeFilter("organization", _("转出或转入的党组织"), narrow=_of_either_end),
        ChoiceFilter("kind", _("类别"), options=Transfer.Kind.choices),
        ChoiceFilter("state", _("办理状态"), options=Transfer.State.choices),
        DateFilter("since", _("提出自"), lookup="asked_on__gte"),
        DateFilter("until", _("提出至"), lookup="asked_on__lte"),
    )


class PocketCaseList(RecordList):
    noun, title, permission, export_permission = "transfers:pocket_case", _("口袋党员"), Can.VIEW, Can.EXPORT
    queryset, table = queries.pocket_cases, PocketCaseTable
    filters = (
        SubtreeFilter("organization", _("报到的党组织"), lookup="organization__key"),
        ChoiceFilter("outcome", _("结果"), options=PocketCase.Outcome.choices),
        DateFilter("since", _("发现自"), lookup="found_on__gte"),
        DateFilter("until", _("发现至"), lookup="found_on__lte"),
    )
