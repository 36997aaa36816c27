"""What the area does when organizations close or merge (ORG-21)."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.business import Fate, business
from baolei.projects.access import Can
from baolei.projects.models import Deed, Programme, Project

for _model, _words, _ends in (
    (Programme, _("未完成的工程"), ("last_on", "cancelled_on")),
    (Deed, _("未办结的实事"), ("finished_on", "dropped_on")),
    (Project, _("未验收的项目"), ("accepted_on", "cancelled_on")),
):
    business(
        _words,
        lambda organization, on, model=_model, ends=_ends: model.objects.unscoped(
            "a change of the tree looks at open work"
        ).filter(organization=organization, **dict.fromkeys(ends)),
        permission=Can.VIEW,
        close=Fate.FIRST,
        merge=Fate.STAYS,
        advice=_("请先登记完成或取消。"),
    )
