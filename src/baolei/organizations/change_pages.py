"""Pages of changes of the tree: what was done, and the forms; each shows what will happen before it is confirmed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.pages import FormPage
from baolei.kernel.pages.base import Crumb
from baolei.organizations import actions, changes, queries
from baolei.organizations.access import Can
from baolei.organizations.changes import Line
from baolei.organizations.forms import (
    ChangeForm,
    CloseForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
    SplitForm,
)
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Change, Organization
from baolei.organizations.pages import ROOT_CRUMB, OrganizationDetail

SHOWN = 200
"""Changes that a page tells; a merged committee may have handed over more."""


class OrganizationChanges(OrganizationDetail):
    """What was done to the organization, from both sides, and what the actor may do."""

    template_name = "organizations/changes.html"

    def context(self) -> dict[str, Any]:
        found = list(changes.changes_of(self.object, self.actor)[: SHOWN + 1])
        taken = changes.taken_along(found[:SHOWN], self.actor)
        return {
            "tabs": self.tabs("changes"),
            "organization": self.object,
            "changes": [(*_told(change, self.object), taken.get(change.pk)) for change in found[:SHOWN]],
            "more": len(found) > SHOWN,
            "offers": [
                (
                    str(page.words),
                    page.explanation,
                    reverse(f"organizations:{page.name}", args=[self.object.uid]),
                )
                for page in PAGES
                if page.is_for(self.actor, self.object)
            ],
        }


def _told(change: Change, here: Organization) -> tuple:
    """(day, sentence, cause, document) as told on the page of `here`."""
    roles = {"organization": change.organization, "other": change.other, "earlier": change.earlier}
    role = next(role for role, side in roles.items() if side == here)
    sentence = SENTENCES[change.kind, role]
    if role == "organization" and change.kind in ("set_up", "close") and change.other is None:
        sentence = "%(kind)s"
    names = {name: side.short_name for name, side in roles.items() if side is not None}
    said = {"kind": change.get_kind_display(), "former": change.former_name, **names}
    return change.day, sentence % said, change.get_cause_display(), change.document


SENTENCES = {
    ("set_up", "organization"): gettext_lazy("在%(other)s之下设立"),
    ("set_up", "other"): gettext_lazy("设立下级%(organization)s"),
    ("merge", "organization"): gettext_lazy("并入%(other)s"),
    ("merge", "other"): gettext_lazy("%(organization)s并入"),
    ("split", "organization"): gettext_lazy("从%(other)s拆分设立"),
    ("split", "other"): gettext_lazy("拆分出%(organization)s"),
    ("move", "organization"): gettext_lazy("由%(earlier)s划到%(other)s之下"),
    ("move", "other"): gettext_lazy("%(organization)s由%(earlier)s划入"),
    ("move", "earlier"): gettext_lazy("%(organization)s划出，到%(other)s之下"),
    ("close", "organization"): gettext_lazy("撤销，由%(other)s承接"),
    ("close", "other"): gettext_lazy("承接撤销的%(organization)s"),
    ("rename", "organization"): gettext_lazy("更名，原名%(former)s"),
}
"""What a change is called on the pages of its sides."""


class ChangePage(FormPage):
    """First POST: what will happen, after a trial. Second POST, with what was seen: done."""

    permission = Can.TREE
    queryset = queries.organizations
    template_name = "organizations/change.html"
    form_class = ChangeForm
    name = ""
    words = ""
    explanation = ""
    way_back = ""
    """How it is undone."""

    @classmethod
    def is_for(cls, actor: Actor, organization: Organization) -> bool:
        """Whether the actor may do this to the organization."""
        return changes.may_change(actor, organization)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.can(self.permission):
            found = self.find(request.actor, **kwargs)
            if not self.is_for(request.actor, found):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return _("%(what)s：%(name)s") % {"what": self.words, "name": self.object.short_name}

    def crumbs(self) -> list[Crumb]:
        return [
            (str(ROOT_CRUMB), reverse("organizations:tree")),
            (self.object.short_name, self.back()),
            (str(self.words), ""),
        ]

    def back(self) -> str:
        """The page of changes of this organization."""
        return reverse("organizations:changes", args=[self.object.uid])

    def context(self) -> dict[str, Any]:
        return {"organization": self.object, "back": self.back()}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render(form=self.form_class(self.object, self.actor))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form_class(self.object, self.actor, request.POST)
        if not form.is_valid():
            return self.render(form=form, status=422)
        if "edit" in request.POST:
            return self.render(form=form)
        return self.done(form)

    def done(self, form: Form) -> HttpResponse:
        lines = self.lines(form)
        seen = form.cleaned_data["seen"]
        try:
            if seen != changes.digest(lines):
                changes.rehearse(lambda: self.change(form))
                given = {"lines": lines, "digest": changes.digest(lines), "said": form.said()}
                return self.render(form=form, changed=bool(seen), **given)
            result = self.change(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render(form=form, status=422)
        except PermissionDenied:
            raise Http404 from None
        messages.success(self.request, _("已办理%(what)s。") % {"what": self.words})
        return redirect("organizations:changes", uid=result.uid)

    def lines(self, form: ChangeForm) -> list[Line]:
        """What will happen."""
        raise NotImplementedError

    def change(self, form: ChangeForm) -> Organization:
        """Call the action; the organization whose page is shown next."""
        raise NotImplementedError


class Found(ChangePage):
    name, words = "found", gettext_lazy("设立下级党组织")
    explanation = gettext_lazy("在本组织之下新设一个党组织。")
    way_back = gettext_lazy("设立后如不需要，自次日起可以撤销。")
    form_class = FoundForm

    @classmethod
    def is_for(cls, actor: Actor, organization: Organization) -> bool:
        return (
            organization.is_open
            and organization.kind != Kind.PARTY_CELL
            and actor.can(Can.TREE, organization)
        )

    def lines(self, form: FoundForm) -> list[Line]:
        return [Line(form.cleaned_data["name"], None, _("自当日起设在本组织之下"))]

    def change(self, form: FoundForm) -> Organization:
        return actions.set_up_organization(
            self.object, actor=self.actor, founding=form.founding(), **form.paper()
        )


class Move(ChangePage):
    name, words = "move", gettext_lazy("改变隶属")
    explanation = gettext_lazy("连同下级、党员和单位整建制划到另一个上级之下（ORG-24）。")
    way_back = gettext_lazy("需要改回时，再办一次改变隶属，移回原上级。")
    form_class = MoveForm

    def lines(self, form: MoveForm) -> list[Line]:
        return changes.of_move(self.object)

    def change(self, form: MoveForm) -> Organization:
        given = {"parent": form.cleaned_data["parent"], "on": form.cleaned_data["day"]}
        return actions.move_organization(self.object, actor=self.actor, **given, **form.paper())


class Merge(ChangePage):
    name, words = "merge", gettext_lazy("合并")
    explanation = gettext_lazy("党员、下级和单位全部转到承接党组织，本组织随之撤销。")
    way_back = gettext_lazy("合并后不能恢复；需要改回时，从承接党组织拆分设立，划回党员、下级和单位。")
    form_class = MergeForm

    def lines(self, form: MergeForm) -> list[Line]:
        return changes.of_end(self.object, self.actor, form.cleaned_data["day"], "merge")

    def change(self, form: MergeForm) -> Organization:
        given = {"into": form.cleaned_data["into"], "on": form.cleaned_data["day"]}
        return actions.merge_organization(self.object, actor=self.actor, **given, **form.paper())


class Split(ChangePage):
    name, words = "split", gettext_lazy("拆分")
    explanation = gettext_lazy("在同一上级之下新设一个党组织，把所选的党员、下级或单位划给它。")
    way_back = gettext_lazy("需要改回时，自次日起可以把新组织并入原组织。")
    form_class = SplitForm

    @classmethod
    def is_for(cls, actor: Actor, organization: Organization) -> bool:
        return super().is_for(actor, organization) and organization.kind != Kind.PARTY_CELL

    def lines(self, form: SplitForm) -> list[Line]:
        return changes.of_split(form.chosen())

    def change(self, form: SplitForm) -> Organization:
        return actions.split_organization(
            self.object, actor=self.actor, founding=form.founding(), chosen=form.chosen(), **form.paper()
        )


class Close(ChangePage):
    name, words = "close", gettext_lazy("撤销")
    explanation = gettext_lazy("没有党员、下级和未办结事项的党组织可以撤销（ORG-21）。")
    way_back = gettext_lazy("撤销后不能恢复；需要时重新设立。以往数据照旧保留。")
    form_class = CloseForm

    def lines(self, form: CloseForm) -> list[Line]:
        return changes.of_end(self.object, self.actor, form.cleaned_data["day"], "close")

    def change(self, form: CloseForm) -> Organization:
        given = {"successor": form.cleaned_data["successor"], "on": form.cleaned_data["day"]}
        return actions.close_organization(self.object, actor=self.actor, **given, **form.paper())


class Rename(ChangePage):
    name, words = "rename", gettext_lazy("更名")
    explanation = gettext_lazy("改全称和简称；原名留在变更记录里。")
    way_back = gettext_lazy("需要改回时，再办一次更名。")
    form_class = RenameForm

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        names = {"name": self.object.name, "short_name": self.object.short_name}
        return self.render(form=RenameForm(self.object, self.actor, initial=names))

    @classmethod
    def is_for(cls, actor: Actor, organization: Organization) -> bool:
        return organization.is_open and actor.can(Can.TREE, organization)

    def lines(self, form: RenameForm) -> list[Line]:
        return [Line(self.object.name, None, _("改为%(name)s") % {"name": form.cleaned_data["name"]})]

    def change(self, form: RenameForm) -> Organization:
        names = {name: form.cleaned_data[name] for name in ("name", "short_name")}
        return actions.rename_organization(
            self.object, actor=self.actor, on=form.cleaned_data["day"], **names, **form.paper()
        )


PAGES = (Found, Rename, Move, Merge, Split, Close)
