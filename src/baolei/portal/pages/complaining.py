"""A stranger complains without an account, asks with the slip number, and reads what was corrected."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from baolei.kernel.access import NOBODY
from baolei.kernel.slips import new_slip
from baolei.organizations.models import Organization
from baolei.portal.complaints import actions, queries
from baolei.portal.complaints.subjects import Subject, about, subject_of
from baolei.portal.forms import ComplaintForm, SlipForm
from baolei.portal.models import Complaint
from baolei.portal.models.complaints import DAYS_TO_ANSWER
from baolei.portal.pages.public import home_crumb, public
from baolei.portal.publishing import copy_of

A_PAGE = 50
A_FILE = 100_000
"""Corrections in a page that becomes a file: all."""


def without_account(view):
    """A form for everybody: nothing of who sends it is kept, and no page of it is kept by a browser or a proxy."""
    view = never_cache(require_http_methods(["GET", "POST"])(view))
    view = login_not_required(sensitive_post_parameters("text", "slip")(view))
    view.open_because = "complaints are taken without an account"
    return view


@without_account
def complain(request: HttpRequest) -> HttpResponse:
    """Say what is wrong with a public page; the answer shows the slip number, once."""
    subject = subject_of(request.GET)
    form = ComplaintForm(request.POST or None, initial={"kind": _first_kind(subject)})
    context = {
        "form": form,
        "subject": subject,
        "about": subject.query,
        "crumbs": [home_crumb(), (_("投诉与纠错"), "")],
        "days": DAYS_TO_ANSWER,
        "kept_days": Complaint.KEPT_DAYS,
    }
    if request.method != "POST":
        return render(request, "portal/complain.html", context)
    if not form.is_valid():
        return render(request, "portal/complain.html", context, status=422)
    if form.warns():
        return render(request, "portal/complain.html", context | {"warns": True})
    slip = new_slip()
    try:
        complaint = actions.file(
            actor=NOBODY,  # whoever is signed in complains as everybody else
            subject=subject,
            kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"],
            slip=slip,
        )
    except actions.TooMany:
        return render(request, "portal/too_many.html", context, status=429)
    except Organization.DoesNotExist:
        raise Http404 from None
    return render(request, "portal/filed.html", context | {"complaint": complaint, "slip": slip})


@without_account
def slip(request: HttpRequest) -> HttpResponse:
    """What became of a complaint, for whoever has its slip number; one answer to every wrong one."""
    form = SlipForm(request.POST or None)
    context = {
        "form": form,
        "about": about(page="complaints"),
        "crumbs": [home_crumb(), (_("查询投诉"), "")],
        "kept_days": Complaint.KEPT_DAYS,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/slip.html", context, status=422 if form.errors else 200)
    complaint = queries.of_slip(form.cleaned_data["slip"])
    if complaint is None:
        form.add_error("slip", _("没有查到这个查询码，请核对后再试。"))
        return render(request, "portal/slip.html", context, status=404)
    return render(request, "portal/slip.html", context | {"complaint": complaint})


@public
def corrections(request: HttpRequest) -> HttpResponse:
    """What pages said wrongly and what is right, newest first."""
    page = Paginator(queries.corrections(), A_FILE if copy_of(request.META) else A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "corrections": page.object_list,
        "previous": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
        "summary": _("共 %(n)d 条") % {"n": page.paginator.count},
        "about": about(page="corrections"),
        "crumbs": [home_crumb(), (_("更正公告"), "")],
    }
    return render(request, "portal/corrections.html", context)


def _first_kind(subject: Subject) -> str:
    """What is mostly wrong there."""
    return Complaint.Kind.NUMBER if subject.figure else ""
