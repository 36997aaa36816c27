"""Lists of postings, pairings and participations, and the page of each record."""

from django.utils.translation import gettext_lazy as _

from baolei.assistance import queries
from baolei.assistance.access import Can
from baolei.assistance.models import Pairing, Posting
from baolei.assistance.tables import (
    HouseholdTable,
    PairingTable,
    ParticipationTable,
    PartnerPairingTable,
    PostingTable,
)
from baolei.kernel.pages.records import RecordList
from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter

_KINDS = [choice for choice in Pairing.Kind.choices if choice[0] != Pairing.Kind.CADRE_HOUSEHOLD]
ORGANIZATION = SubtreeFilter("organization", _("所属党组织"), lookup="organization__key")
ON = DateFilter("on", _("当日有效"), lookup="during__contains")


class PostingList(RecordList):
    noun, title, permission, export_permission = "assistance:posting", _("选派任职"), Can.VIEW, Can.EXPORT
    queryset, table = queries.postings, PostingTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=Posting.Kind.choices), ON)


class PairingList(RecordList):
    noun, title, permission, export_permission = "assistance:pairing", _("结对帮扶"), Can.VIEW, Can.EXPORT
    queryset, table = queries.pairings, PairingTable
    filters = (ORGANIZATION, ChoiceFilter("kind", _("类别"), options=_KINDS), ON)


class HouseholdList(RecordList):
    noun, title, permission, export_permission = "assistance:household", _("干部包户"), Can.VIEW, Can.EXPORT
    queryset, table = queries.households, HouseholdTable
    filters = (ORGANIZATION, ON)


class PartnerPairingList(RecordList):
    noun, title = "assistance:partner_pairing", _("军警共建对子")
    permission = export_permission = Can.PARTNERS
    queryset, table = queries.partners, PartnerPairingTable
    filters = (ORGANIZATION, ON)


class ParticipationList(RecordList):
    noun, title, permission, export_permission = (
        *("assistance:participation", _("参与帮扶")),
        *(Can.VIEW, Can.EXPORT),
    )
    queryset, table = queries.participations, ParticipationTable
    filters = (
        SubtreeFilter("organization", _("所属党组织"), lookup="branch__key"),
        DateFilter("since", _("自"), lookup="first_on__gte"),
        DateFilter("until", _("至"), lookup="first_on__lte"),
    )
