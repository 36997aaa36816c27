"""The desk: what waits for whoever has signed in, and the people whom he keeps."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baolei.kernel.desk import Task, tasks, told
from baolei.kernel.figures.declare import figure
from baolei.kernel.figures.values import today, value
from baolei.kernel.pages import Page
from baolei.members.access import Can as Members
from baolei.organizations import queries as organizations
from baolei.organizations.kinds import HOLDS_MEMBERS

PLACES = 5


class Desk(Page):
    """One page in the morning: what is late, what waits, whom I keep; of a single branch what the month has seen, too."""

    open_because = "shows what waits for oneself, counted within one's own reach"
    title = _("待办")
    template_name = "kernel/pages/desk.html"

    def context(self) -> dict[str, Any]:
        about = self._told()
        return {
            "tasks": tasks(self.actor),
            "told": about,
            "places": [] if about else self._places(),
        }

    def _told(self) -> dict[str, list[Task]]:
        """About the one branch that the actor keeps."""
        keys = self.actor.reach.keys(Members.VIEW)
        own = organizations.directory().filter(key__in=keys, kind__in=HOLDS_MEMBERS)
        return told(self.actor, own.get()) if len(keys) == 1 and own.exists() else {}

    def _places(self) -> list[dict[str, Any]]:
        """The organizations of the actor's grants with the number of their members."""
        keys = self.actor.reach.keys(Members.VIEW)
        found = organizations.directory().filter(key__in=keys).order_by("key")[:PLACES]
        return [
            {
                "name": place.short_name,
                "url": f"{reverse('members:list')}?organization={place.uid}",
                # The figure, not a count: above a county it is stored, and a count takes most of a second.
                "number": value(figure("members.total"), place, on=today()).value,
            }
            for place in found
        ]
