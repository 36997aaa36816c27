"""Cards of members without a telephone: made and printed by the branch, scanned by whoever may see the file."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.pages import FormPage, related
from baolei.kernel.pages.base import Crumb, needs
from baolei.kernel.pages.codes import drawn
from baolei.members import actions, queries
from baolei.members.access import Can
from baolei.members.codes import COUNTED
from baolei.members.models import Card, Member


class CardPage(FormPage):
    """Make a card and print it: it is shown this once, with its code."""

    permission, queryset, form_class = Can.EDIT, queries.files, Form
    template_name = "members/card.html"

    def heading(self) -> str:
        return _("党员码卡：%(name)s") % {"name": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [(self.object.name, reverse("members:detail", args=[self.object.uid])), (self.heading(), "")]

    def context(self) -> dict[str, Any]:
        held = Card.objects.visible_to(self.actor, Can.EDIT).filter(member=self.object, ended_on=None).first()
        return {"held": held}

    def done(self, form: Form) -> HttpResponse:
        card = actions.make_card(self.object, actor=self.actor)
        address = self.request.build_absolute_uri(reverse("members:card", args=[card.code]))
        return self.render(card=card, address=address, code=drawn(address, scale=5))


@needs(Can.VIEW)
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """From the code on a card to the file, for who may see it; for all others there is no such card."""
    rows = Card.objects.unscoped("the file is asked for beneath")
    card = get_object_or_404(rows.select_related("member"), code=code.upper(), ended_on=None)
    if not request.actor.can(Can.VIEW, card.member):
        raise Http404
    return redirect("members:detail", card.member.uid)


def _of_member(member: Member) -> str:
    return reverse("members:make_card", args=[member.uid]) if member.standing in COUNTED else ""


related("members.Member", gettext_lazy("党员码卡"), Can.EDIT, _of_member)
