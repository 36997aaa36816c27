"""The officers' pages: editions in reach, the draft of a look back, releasing and withdrawing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baolei.kernel.access import Permission
from baolei.kernel.figures.asking import address
from baolei.kernel.figures.declare import FIGURES
from baolei.kernel.figures.reach import find, home
from baolei.kernel.figures.values import today, values, year_ends
from baolei.kernel.pages import needs
from baolei.organizations.models import Organization
from baolei.portal import actions, queries
from baolei.portal.access import Can
from baolei.portal.breakdown import breakdown
from baolei.portal.forms import SPAN, SpanForm, WithdrawForm
from baolei.portal.lookback.compose import compose
from baolei.portal.lookback.facts import Fact, Facts, live_facts
from baolei.portal.models import WITHHELD, Edition
from baolei.portal.pages.text import numbers, sections

LISTED = 100


@needs(Can.VIEW)
def edition_list(request: HttpRequest) -> HttpResponse:
    """The editions in reach, newest first."""
    found = queries.editions().visible_to(request.actor, Can.VIEW)[:LISTED]
    context = {
        "editions": [(edition, queries.number_of(edition)) for edition in found],
        "may_release": request.actor.can(Can.RELEASE),
        "crumbs": [(_("公开数据"), "")],
    }
    return render(request, "portal/editions.html", context)


@needs(Can.VIEW)
def edition(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One edition: what was told, and what the records say of the same day now."""
    found = _edition(request, uid, Can.VIEW)
    told = [f for f in queries.figures_of(found) if f.with_parts]
    now = {
        v.figure.code: v
        for day in sorted({f.as_of for f in told})
        for v in values(
            [FIGURES[f.code] for f in told if f.code in FIGURES and f.as_of == day],
            found.organization,
            on=day,
            exact=True,
        )
    }
    context = {
        "edition": found,
        "number": queries.number_of(found),
        "lines": [
            {
                "figure": f,
                "now": now.get(f.code),
                "differs": f.code in now and now[f.code].value != f.value,
                "hidden": sum(line.is_hidden for line in breakdown(f)),
                "is_withheld": f.status == WITHHELD,
                "live": reverse("figures:figure", args=[f.code]) + address(found.organization, f.as_of)
                if f.code in now
                else "",
            }
            for f in told
        ],
        "any_withheld": any(f.status == WITHHELD for f in told),
        "may_withdraw": found.is_released and request.actor.can(Can.RELEASE, found),
        "crumbs": [_editions(), (found.title, "")],
    }
    return render(request, "portal/edition.html", context)


@needs(Can.VIEW)
def preview(request: HttpRequest) -> HttpResponse:
    """The draft of a look back from the records as they are now."""
    form, organization, facts = _asked(request, Can.VIEW)
    context: dict[str, Any] = {"form": form, "crumbs": [_editions(), (_("草稿"), "")]}
    if facts is not None:
        told = compose(facts)

        def link(fact: Fact) -> str:
            return reverse("figures:figure", args=[fact.code]) + address(organization, fact.as_of)

        context |= {
            "facts": facts,
            "sections": sections(told, link=link, note=_("草稿：数据尚未公开发布")),
            "numbers": numbers(told, facts, link=link),
            "organization": organization,
            "release_url": _release_url(organization, facts)
            if request.actor.can(Can.RELEASE, organization)
            else "",
        }
    return render(request, "portal/preview.html", context, status=400 if form.errors else 200)


@needs(Can.RELEASE, require_http_methods(["GET", "POST"]))
def release(request: HttpRequest) -> HttpResponse:
    """Ask once more, then release."""
    _form, organization, facts = _asked(request, Can.RELEASE)
    if facts is None:
        return redirect("portal:preview")
    if request.method == "POST":
        try:
            made = actions.release(
                organization, actor=request.actor, first_year=facts.first_year, last_year=facts.last_year
            )
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
            return redirect(_release_url(organization, facts))
        messages.success(request, _("已发布：%(title)s") % {"title": made.title})
        return redirect("portal:edition", uid=made.uid)
    before = queries.published().filter(
        organization=organization,
        first_year=facts.first_year,
        last_year=facts.last_year,
        state=Edition.State.RELEASED,
    )
    context = {
        "facts": facts,
        "organization": organization,
        "numbers": facts.on_last_day(),
        "before": before.first(),
        "back": reverse("portal:preview") + _query(organization, facts),
        "here": _release_url(organization, facts),
        "crumbs": [_editions(), (_("发布"), "")],
    }
    return render(request, "portal/release.html", context)


@needs(Can.RELEASE, require_http_methods(["GET", "POST"]))
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Withdraw an edition, by a document of the committee above."""
    found = _edition(request, uid, Can.RELEASE)
    if not found.is_released:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(found, actor=request.actor, document=form.cleaned_data["document"])
        messages.success(request, _("已撤回：%(title)s") % {"title": found.title})
        return redirect("portal:edition", uid=found.uid)
    here = reverse("portal:edition", args=[found.uid])
    context = {"edition": found, "form": form, "crumbs": [_editions(), (found.title, here), (_("撤回"), "")]}
    return render(request, "portal/withdraw.html", context, status=400 if form.errors else 200)


def _edition(request: HttpRequest, uid: UUID, permission: Permission) -> Edition:
    return get_object_or_404(queries.editions().visible_to(request.actor, permission), uid=uid)


def _asked(
    request: HttpRequest, permission: Permission
) -> tuple[SpanForm, Organization | None, Facts | None]:
    """The organization and the facts asked for by the address; no facts when something is wrong with it."""
    form = SpanForm(request.GET if "in" in request.GET else _first_question(request, permission))
    if not form.is_valid():
        return form, None, None
    asked = form.cleaned_data
    organization = find(asked["in"])
    if organization is None or not request.actor.can(permission, organization):
        raise Http404
    try:
        return form, organization, live_facts(organization, first_year=asked["from"], last_year=asked["to"])
    except ValidationError as error:
        form.add_error(None, error)
        return form, organization, None


def _first_question(request: HttpRequest, permission: Permission) -> dict[str, Any]:
    """The last five years of the actor's highest organization."""
    node, last = home(request.actor, permission), year_ends(today())[-1].year
    first = max(year_ends(today())[0].year, last - SPAN + 1)
    return {"in": (node.region_code or node.code) if node else "", "from": first, "to": last}


def _query(organization: Organization, facts: Facts) -> str:
    return "?" + urlencode({"in": organization.code, "from": facts.first_year, "to": facts.last_year})


def _release_url(organization: Organization, facts: Facts) -> str:
    return reverse("portal:release") + _query(organization, facts)


def _editions() -> tuple[str, str]:
    return _("公开数据"), reverse("portal:editions")
