"""Pages: bring a file, see what it would change, take it, get it back with the bad cells marked."""

from typing import IO, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from baolei.kernel.access import Actor
from baolei.kernel.imports.problems import disk_full
from baolei.kernel.imports.sheets import SHEETS
from baolei.kernel.models import Upload
from baolei.kernel.pages.base import Crumb, Page, needs, told
from baolei.kernel.uploads import actions, work, workbooks
from baolei.kernel.uploads.access import Can
from baolei.kernel.uploads.grids import UnreadableFile
from baolei.kernel.uploads.headings import UNITS
from baolei.kernel.uploads.packages import PACKAGE, importable, kind_of

LARGEST = 60_000_000
"""Bytes of a file."""
LISTED = 50
SHOWN = 100
"""Problems on a page; the marked workbook has all that are listed."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKING = (
    Upload.State.WAITING,
    Upload.State.CHECKING,
    Upload.State.ORDERED,
    Upload.State.TAKING,
    Upload.State.RECALLED,
    Upload.State.UNDOING,
)
_TONES = {
    Upload.State.TAKEN: "ok",
    Upload.State.CHECKED: "info",
    Upload.State.ASKED: "warn",
    Upload.State.REFUSED: "bad",
    Upload.State.UNREADABLE: "bad",
    Upload.State.BROKEN: "warn",
}


class UploadForm(forms.Form):
    sheet = forms.ChoiceField(label=gettext_lazy("这个文件是"))
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy(
            "Excel 工作簿（.xlsx、.xls）、CSV，或多张表的资料包（.zip），最大 60 MB。家庭、困难、健康、宗教方面的列不会读取。"
        ),
        error_messages={"empty": gettext_lazy("文件是空的，请确认选对了文件。")},
    )

    def __init__(self, actor: Actor, *args: Any, **more: Any):
        super().__init__(*args, **more)
        kinds = importable(actor)
        if len(kinds) > 1:
            kinds = [*kinds, kind_of(PACKAGE)]
        self.fields["sheet"].choices = [(kind.name, str(kind.title)) for kind in kinds]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv,.txt,.zip"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 60 MB。请分成几个文件，或由系统管理员用命令导入。"))
        return file


class _Suggesting(forms.TextInput):
    """A line of text that offers codes with their names, and takes anything else."""

    template_name = "kernel/ui/suggesting.html"

    def __init__(self, offered: list[tuple[str, str]]):
        super().__init__()
        self.offered = offered

    def get_context(self, name, value, attrs):
        if self.offered:
            attrs = {**(attrs or {}), "list": f"offered_{name}"}
        return super().get_context(name, value, attrs) | {"offered": self.offered}


class MeaningForm(forms.Form):
    """What the headings of a file mean that no column is known by, what its money is counted in, and which
    organizations are meant by names that none or several within reach have.
    """

    def __init__(self, upload: Upload, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.headings = {f"h{number}": text for number, text in enumerate(upload.found.get("asks", []))}
        columns = [("", _("不读取")), *actions.free_columns(upload)]
        by_hand = upload.found.get("by_hand", {})
        for name, text in self.headings.items():
            self.fields[name] = forms.ChoiceField(
                label=text, choices=columns, required=False, initial=by_hand.get(text, "")
            )
        said = upload.found.get("said", {})
        asked, alike = actions.names_asked(upload), upload.found.get("similar", {})
        self.nodes = {f"n{number}": name for number, name in enumerate(asked)}
        for name, text in self.nodes.items():
            choices = [(code, f"{full}（{code}）") for code, full in asked[text]]
            more = {"label": text, "required": False, "initial": said.get(text, "")}
            self.fields[name] = (
                forms.ChoiceField(choices=[("", _("请选择")), *choices], **more)
                if choices
                else forms.CharField(max_length=200, widget=_Suggesting(alike.get(text, [])), **more)
            )
        if upload.found.get("unsure"):
            self.fields["unit"] = forms.TypedChoiceField(
                label=_("金额的单位"),
                coerce=int,
                choices=[("", _("请选择")), *((factor, unit) for unit, factor in UNITS.items())],
                help_text=_("表里没有写明是元还是万元。"),
            )

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "columns": {text: data[name] for name, text in self.headings.items()},
            "unit": data.get("unit") or None,
            "nodes": {text: data[name] for name, text in self.nodes.items()},
        }

    def headings_asked(self) -> list[forms.BoundField]:
        """The fields that are about columns."""
        return [self[name] for name in self.fields if name not in self.nodes]

    def nodes_asked(self) -> list[forms.BoundField]:
        """The fields that are about organizations."""
        return [self[name] for name in self.nodes]


class UploadList(Page):
    """A form for a file, and the files brought so far."""

    permission = Can.UPLOAD
    title = gettext_lazy("导入")
    template_name = "kernel/uploads/list.html"

    def context(self) -> dict[str, Any]:
        own = Upload.objects.filter(actor_id=self.actor.user_id).order_by("-pk")
        page = Paginator(own, LISTED).get_page(self.request.GET.get("page"))
        rows = page.object_list
        return {
            "form": UploadForm(self.actor, initial={"sheet": self.request.GET.get("sheet", "")}),
            "sheets": importable(self.actor),
            "older": f"?page={page.next_page_number()}" if page.has_next() else "",
            "newer": f"?page={page.previous_page_number()}" if page.has_previous() else "",
            "uploads": [(row, kind_of(row.sheet).title, _TONES.get(row.state, "")) for row in rows],
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = UploadForm(self.actor, request.POST, request.FILES)
        if not form.is_valid():
            return self.render(form=form, status=422)
        file = form.cleaned_data["file"]
        try:
            upload = actions.bring(
                None, actor=self.actor, sheet=form.cleaned_data["sheet"], name=file.name, data=file.read()
            )
        except OSError as error:
            if not disk_full(error):
                raise
            form.add_error(
                None, _("服务器磁盘空间不足，没有收下这个文件。请联系系统管理员，腾出空间后再上传。")
            )
            return self.render(form=form, status=507)
        return redirect("uploads:upload", upload.uid)


class UploadDetail(Page):
    """One file: where it is on its way, what it would change, what is wrong with it."""

    permission = Can.UPLOAD
    template_name = part_template = "kernel/uploads/detail.html"
    answers: QueryDict | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.can(self.permission):
            self.upload = _mine(request, kwargs["uid"])
        return super().dispatch(request, *args, **kwargs)

    def heading(self) -> str:
        return self.upload.name

    def crumbs(self) -> list[Crumb]:
        return [(_("导入"), reverse("uploads:list")), (self.heading(), "")]

    def part(self) -> str:
        htmx = getattr(self.request, "htmx", None)
        return "state" if htmx and htmx.target == "state" else ""

    def context(self) -> dict[str, Any]:
        upload, stage = self.upload, work.progress_of(self.upload)
        column = self.request.GET.get("column", "")
        titles = _titles(upload)
        wrong = [p for p in upload.problems if not column or _column(upload, p) == column]
        return {
            "upload": upload,
            "sheet": kind_of(upload.sheet),
            "package": upload.sheet == PACKAGE,
            "tone": _TONES.get(upload.state, ""),
            "working": upload.state in _WORKING,
            "stage": stage if upload.state in (Upload.State.CHECKING, Upload.State.TAKING) else ("", ""),
            "takes": actions.takes(upload),
            "can_take": upload.state == Upload.State.CHECKED and not upload.removed and actions.takes(upload),
            "can_recheck": upload.state in (Upload.State.BROKEN, Upload.State.REFUSED) and not upload.removed,
            "can_discard": upload.state not in (*_WORKING[1:], Upload.State.DISCARDED)
            and not upload.batch_id,
            "can_recall": actions.can_recall(upload),
            "meaning": self._meaning(),
            "units": [
                (titles[name], next(unit for unit, factor in UNITS.items() if factor == one))
                for name, one in upload.found.get("factors", {}).items()
            ],
            "problems": _titled(upload, wrong[:SHOWN]),
            "more": max(upload.total_problems - SHOWN, 0) if not column else max(len(wrong) - SHOWN, 0),
            "columns": [
                (name, titles.get(name, name))
                for name in dict.fromkeys(_column(upload, p) for p in upload.problems)
            ],
            "column": column,
        }

    def _meaning(self) -> MeaningForm | None:
        """The form about headings, where one is of use."""
        upload = self.upload
        states = (Upload.State.ASKED, Upload.State.CHECKED, Upload.State.REFUSED)
        if upload.removed or upload.state not in states:
            return None
        form = MeaningForm(upload, self.answers)
        return form if form.fields else None


class UploadAnswer(UploadDetail):
    """What the owner says of headings, names and units; a refusal shows the page with all that he said."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.answers = request.POST
        form = MeaningForm(self.upload, self.answers)
        if not form.is_valid():
            messages.error(request, _("请为每一处作出选择，再重新核对。"))
            return self.render(status=422)
        try:
            actions.answer(self.upload, actor=request.actor, **form.said())
        except ValidationError as error:
            told(request, error)
            self.upload.refresh_from_db()
            return self.render(status=422)
        return redirect("uploads:upload", self.upload.uid)


def _titles(upload: Upload) -> dict[str, str]:
    """The titles of the columns that problems name; of a package with the title of the sheet."""
    if upload.sheet != PACKAGE:
        return {c.name: str(c.title) for c in SHEETS[upload.sheet].columns}
    return {
        f"{sheet.name}.{c.name}": f"{sheet.title}：{c.title}"
        for sheet in SHEETS.values()
        for c in sheet.columns
    }


def _column(upload: Upload, problem: dict[str, Any]) -> str:
    return f"{problem['sheet']}.{problem['column']}" if upload.sheet == PACKAGE else problem["column"]


def _titled(upload: Upload, problems: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, str]]:
    """(problem, title of its column, title of its sheet)."""
    titles = _titles(upload)
    return [(p, titles.get(_column(upload, p), p["column"]), _sheet_title(p)) for p in problems]


def _sheet_title(problem: dict[str, Any]) -> str:
    name = problem.get("sheet", "")
    return str(SHEETS[name].title) if name in SHEETS else name


@needs(Can.UPLOAD)
def template(request: HttpRequest, sheet: str) -> HttpResponse:
    """The empty workbook of a sheet."""
    found = next((one for one in importable(request.actor) if one.name == sheet), None)
    if found is None:
        raise Http404
    return _workbook(workbooks.template(found), f"{found.title}-{_('模板')}.xlsx")


@needs(Can.UPLOAD)
def marked(request: HttpRequest, uid) -> HttpResponse:
    """The own workbook back, the bad cells marked; of a package a list of what is wrong."""
    upload = _mine(request, uid)
    if upload.removed or not upload.problems:
        raise Http404
    name = f"{upload.name.rpartition('.')[0] or upload.name}-{_('需要改正')}.xlsx"
    if upload.sheet == PACKAGE:
        return _workbook(workbooks.listed(_titled(upload, upload.problems)), name)
    try:
        layout = work.layout_of(upload)
    except (FileNotFoundError, UnreadableFile):
        raise Http404 from None
    file = workbooks.marked(layout, SHEETS[upload.sheet], upload.problems)
    return _workbook(file, name)


def _workbook(file: IO[bytes], name: str) -> HttpResponse:
    about = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"}
    with file:
        return HttpResponse(file.read(), content_type=XLSX, headers=about)


@needs(Can.UPLOAD, require_POST)
def take(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.take)


@needs(Can.UPLOAD, require_POST)
def recheck(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.recheck)


@needs(Can.UPLOAD, require_POST)
def recall(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.recall)


@needs(Can.UPLOAD, require_POST)
def discard(request: HttpRequest, uid) -> HttpResponse:
    return _done(request, uid, actions.discard)


def _done(request: HttpRequest, uid, act) -> HttpResponse:
    upload = _mine(request, uid)
    try:
        act(upload, actor=request.actor)
    except ValidationError as error:
        told(request, error)
    return redirect("uploads:upload", uid)


def _mine(request: HttpRequest, uid) -> Upload:
    upload = Upload.objects.filter(uid=uid, actor_id=request.actor.user_id).first()
    if upload is None:
        raise Http404
    return upload
