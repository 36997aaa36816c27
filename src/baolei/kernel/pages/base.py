"""The plain page, the page of one object, and the page of a form."""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views import View
from django.views.decorators.http import require_safe

from baolei.kernel.access import Actor, Permission
from baolei.kernel.pages.codes import drawn

Crumb = tuple[str, str]


def needs(permission: Permission, methods: Callable = require_safe):
    """A view for actors who hold the permission somewhere; for others it does not exist, whatever the method.

    `methods` is one of Django's decorators that name the methods allowed.
    """

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        allowed = methods(view)

        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.can(permission):
                raise Http404
            return allowed(request, *args, **kwargs)

        run.permission = permission
        return run

    return declare


def told(request: HttpRequest, error: ValidationError) -> None:
    """What an action refused, above the page that is shown next."""
    for words in error.messages:
        messages.error(request, words)


class Page(View):
    """Declare `permission`, `title` and `template_name`; override `context`.

    A page without a permission names the reason in `open_because`.
    """

    permission: Permission | None = None
    open_because = ""
    title = ""
    template_name = ""
    part_template = ""
    """The template that holds the parts, where `template_name` only extends it."""
    prints = False
    """Whether the page is put on paper: then it offers `?print=1`, with a code that leads back here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.actor: Actor = request.actor
        if self.permission is not None and not self.actor.can(self.permission):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render()

    def heading(self) -> str:
        """The words at the top of the page and of the window."""
        return str(self.title)

    def crumbs(self) -> list[Crumb]:
        """The way from the top to here: (label, url); the last one is this page and has no url."""
        return [(self.heading(), "")]

    def context(self) -> dict[str, Any]:
        """What the template needs beyond `page`, `heading`, `crumbs` and `actor`."""
        return {}

    def render(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, or the part of its template that htmx asked for (the same template)."""
        context = {
            "page": self,
            "heading": self.heading(),
            "actor": self.actor,
            **self.context(),
            **more,
        }
        part = self.part()
        if part:
            template = f"{self.part_template or self.template_name}#{part}"
        else:
            template, context = self.template_name, {"crumbs": self.crumbs(), **self.paper(), **context}
        response = render(self.request, template, context, status=status)
        # A browser must not answer "back" with the part that it once fetched from this address.
        patch_vary_headers(response, ["HX-Request"])
        return response

    def part(self) -> str:
        """The part of the template to answer with; empty for the whole page."""
        return ""

    @property
    def is_printed(self) -> bool:
        """Whether the reader asked for the page as it goes on paper."""
        return self.prints and bool(self.request.GET.get("print"))

    def address_on_paper(self) -> str:
        """What the code on paper leads to: opaque, for a telephone keeps it; a subclass adds the chosen filters."""
        return self.request.path

    def paper(self) -> dict[str, Any]:
        """For the template: where the page is offered for printing, or, when it is, the code and who printed it when."""
        if self.is_printed:
            code = drawn(self.request.build_absolute_uri(self.address_on_paper()))
            return {"printed": {"code": code, "at": timezone.localtime(), "back": self.address_on_paper()}}
        if not self.prints:
            return {}
        given = self.request.GET.copy()
        given["print"] = "1"
        return {"print_at": f"?{given.urlencode()}"}


class DetailPage(Page):
    """One object, found among the rows that the actor may see: declare `queryset` and `permission`."""

    queryset: Callable[[], QuerySet]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor.can(self.permission):
            raise Http404
        self.object = self.find(request.actor, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, actor: Actor, **kwargs: Any) -> models.Model:
        """The object. Raises Http404 when it is absent or out of reach."""
        return get_object_or_404(type(self).queryset().visible_to(actor, self.permission), uid=kwargs["uid"])

    def heading(self) -> str:
        return str(self.object)


class FormPage(DetailPage):
    """A form about one object: GET shows it, POST checks it and hands it to `done`, which calls an action."""

    form_class: type[Form]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render(form=self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.render(form=form, status=422)
        try:
            return self.done(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render(form=form, status=422)
        except PermissionDenied as error:
            raise Http404 from error

    def make_form(self, data: Any = None) -> Form:
        """The form, empty or with what was sent."""
        return self.form_class(data)

    def done(self, form: Form) -> HttpResponse:
        """Call the action with the cleaned values and answer; what it refuses is said above the form."""
        raise NotImplementedError


def for_the_bearer(response: HttpResponse) -> HttpResponse:
    """What an address on paper opens without signing in: in no index, in no store (G-32)."""
    response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "no-store"
    return response


# Links between areas: an area above offers a page about an object of an area below -------------------------

_RELATED: dict[str, list[tuple[str, Permission, Callable[[models.Model], str]]]] = defaultdict(list)


def related(model: str, label: str, permission: Permission, url: Callable[[models.Model], str]) -> None:
    """Offer a link on the page of every object of `model` ("organizations.Organization") for which `url` is not empty."""
    _RELATED[model].append((label, permission, url))


def related_links(row: models.Model, actor: Actor) -> list[Crumb]:
    """(label, url) of the pages about this object that other areas offer and the actor may open."""
    offered = _RELATED[row._meta.label]
    found = [(label, url(row)) for label, permission, url in offered if actor.can(permission, row)]
    return [(label, address) for label, address in found if address]
