"""Filters of the list of organizations."""

from django.utils.translation import gettext_lazy

from baolei.kernel.tables import ChoiceFilter, DateFilter, SubtreeFilter
from baolei.organizations.kinds import Kind


def _open_or_closed(rows, value):
    return rows.filter(closed_on__isnull=value == "open")


FILTERS = (
    SubtreeFilter("organization", gettext_lazy("所属党组织"), lookup="key"),
    ChoiceFilter("kind", gettext_lazy("类别"), options=Kind.choices),
    ChoiceFilter(
        "state",
        gettext_lazy("状态"),
        options=(("open", gettext_lazy("现有")), ("closed", gettext_lazy("已撤销"))),
        narrow=_open_or_closed,
        default="open",
    ),
    DateFilter("opened_from", gettext_lazy("成立日期自"), lookup="opened_on__gte"),
    DateFilter("opened_to", gettext_lazy("成立日期至"), lookup="opened_on__lte"),
)
