"""The demo: a made-up province, brought in through the product's own import, with accounts to look at it.

Each step sees what is there already, so that a start after an interruption goes on cleanly: the import is one
transaction, everything before it is made anew, everything after it is done where it is missing.
"""

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from baolei.accounts.actions import open_account
from baolei.accounts.models import User
from baolei.accounts.queries import DEMO_PASSWORD, actor_of
from baolei.kernel.access import Actor
from baolei.kernel.demo import TRUTH
from baolei.kernel.figures.stored import refold
from baolei.kernel.imports import Outcome, import_path
from baolei.kernel.models import Batch
from baolei.kernel.places import instance_root
from baolei.kernel.tree import below
from baolei.members.codes import COUNTED, Standing
from baolei.members.models import Member
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.province import package
from baolei.province.divisions import HUNCHUN, PROVINCE, YANBIAN
from baolei.province.under_way import (
    bring_applicants,
    start_appraisals,
    start_development,
    start_disposals,
    start_hints,
    start_transfers,
)

Tell = Callable[[str], None]

NEEDED = {"county": 500_000_000, "prefecture": 1_500_000_000, "province": 5_000_000_000}
"""Bytes of disk that a demo of each scale may take: the package while it is read, database and log."""

SYSTEM = Actor.system("baolei demo")
BRANCH_SIZE = (20, 30)
"""Members of the branch whose secretary has an account."""


class NoDemo(Exception):
    """The demo cannot be loaded here; the message says why and what to do."""


def check_place(scale: str) -> None:
    """Raises NoDemo when the instance holds other data or the disk is too small."""
    done = Batch.objects.filter(demo=True, state=Batch.State.DONE)
    other = done.filter(source__startswith="demo-").exclude(source__in=(_name(scale), ROOT)).first()
    if other:
        raise NoDemo(
            _("这里已装入另一规模的演示数据（%(name)s），请用同样的规模，或者把 BAOLEI_DATA 指向新目录。")
            % {"name": other.source.removeprefix("demo-")}
        )
    organizations = Organization.objects.unscoped("whether the register is empty")
    if organizations.exists() and not done.exists():
        if settings.BAOLEI_EMBEDDED:
            (instance_root() / "demo").unlink(missing_ok=True)
        raise NoDemo(_("这里已有不是演示的数据，不能再装演示数据，请把 BAOLEI_DATA 指向新目录。"))
    free = shutil.disk_usage(instance_root()).free
    if not is_loaded(scale) and free < NEEDED[scale]:
        raise NoDemo(
            _("磁盘空间不足：需要约 %(needed).1f GB，%(place)s 只剩 %(free).1f GB。")
            % {"needed": NEEDED[scale] / 1e9, "free": free / 1e9, "place": instance_root()}
        )


def is_loaded(scale: str) -> bool:
    """Whether the import of that scale was completed here."""
    return Batch.objects.filter(demo=True, state=Batch.State.DONE, source=_name(scale)).exists()


def load(*, scale: str, seed: int, day: date, tell: Tell) -> None:
    """Generate and import the package, open the accounts, fold the stored values, release the edition."""
    if not is_loaded(scale):
        folder = instance_root() / "package"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        try:
            _generate(folder / _name(scale), scale, seed, day, tell)
            _import(folder, scale, tell)
            shutil.move(folder / _name(scale) / TRUTH, instance_root() / TRUTH)
        finally:
            # The package holds clear identity numbers: it goes as soon as they are sealed.
            shutil.rmtree(folder, ignore_errors=True)
        tell(_("汇总数据"))
        # The other years are folded by the worker, while people look round already.
        told = [date(year, 12, 31) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
        refold(everything=True, connections=2, days=(timezone.localdate(), *told))
    if not User.objects.filter(username="member").exists():
        tell(_("开设演示账号"))
        open_demo_accounts()
        start_transfers()
        start_development()
        bring_applicants(instance_root())
        start_appraisals()
        start_hints(instance_root() / TRUTH)
        start_disposals()
    release_demo_edition(tell)


# The data ---------------------------------------------------------------------------------------------------

ROOT = "demo-root"


def _name(scale: str) -> str:
    return f"demo-{scale}"


def _generate(directory: Path, scale: str, seed: int, day: date, tell: Tell) -> None:
    words = {"organizations": _("党组织"), "members": _("党员")}
    told = {"members": 0.0}

    def progress(stage: str, done: int, total: int) -> None:
        if stage in told and done / total >= told[stage] + 0.1:
            told[stage] = done / total
            tell(_("生成%(what)s %(share)d%%") % {"what": words[stage], "share": 100 * done // total})

    tell(_("生成虚构的数据"))
    rows = package.generate(directory, scale=scale, seed=seed, day=day, processes=2, progress=progress)
    tell(
        _("已生成党组织 %(organizations)s 个、人员 %(members)s 人")
        % {"organizations": f"{rows['organizations']:,}", "members": f"{rows['members']:,}"}
    )


def _import(folder: Path, scale: str, tell: Tell) -> None:
    """The province's committee first, so that its officer can be appointed; the rest by that officer."""
    directory = folder / _name(scale)
    if not User.objects.filter(username="province").exists():
        _done(import_path(_root_package(directory, folder / ROOT), actor=SYSTEM))
        _open("province", _officer(PROVINCE), "province_officer", actor=SYSTEM)
    officer = actor_of(User.objects.get(username="province"))
    told: dict[str, int] = {}

    def progress(stage: str, done: int, total: int) -> None:
        # The indexes are many and quick: one line for all of them.
        indexes = _("建立索引")
        stage = indexes if stage.startswith(indexes) else stage
        share = 100 * done // total if total else 0
        if stage not in told or share >= told[stage] + 25:
            told[stage] = share
            tell(_("导入：%(stage)s") % {"stage": stage} + (f" {share}%" if total else ""))

    outcome = _done(import_path(directory, actor=officer, progress=progress))
    tell(_("已导入 %(rows)s 行") % {"rows": f"{sum(c['new'] for c in outcome.counts.values()):,}"})


def _done(outcome: Outcome) -> Outcome:
    if outcome.batch.state != Batch.State.DONE:
        first = json.dumps(
            [problem.as_dict() for problem in outcome.problems[:3]], ensure_ascii=False, default=str
        )
        raise NoDemo(
            _("演示数据没有通过导入检查（%(number)s 处），最前几处：%(first)s")
            % {"number": outcome.total_problems, "first": first}
        )
    return outcome


def _root_package(source: Path, target: Path) -> Path:
    """A package with the first organization only, the one without a parent."""
    target.mkdir()
    about = json.loads((source / "datapackage.json").read_text("utf-8"))
    about["resources"] = [r for r in about["resources"] if r["name"] == "organizations"]
    (target / "datapackage.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    with open(source / "organizations.csv", encoding="utf-8", newline="") as whole:
        rows = [row for row, _line in zip(csv.reader(whole), range(2), strict=False)]
    with open(target / "organizations.csv", "w", encoding="utf-8", newline="") as first:
        csv.writer(first, lineterminator="\n").writerows(rows)
    return target


# The accounts -----------------------------------------------------------------------------------------------


def open_demo_accounts() -> None:
    """Officers from prefecture to branch along one line of the tree, and a plain member of that branch.

    They are opened by the province's officer through the ordinary action. Accounts that exist are left alone.
    """
    officer = actor_of(User.objects.get(username="province"))
    branch = _demo_branch(_officer(HUNCHUN))
    secretary, member = _members_of(branch)[:2]
    _open("prefecture", _officer(YANBIAN), "department_officer", actor=officer)
    _open("county", _officer(HUNCHUN), "department_officer", actor=officer)
    _open("township", branch.parent.parent, "township_officer", actor=officer)
    _open("committee", branch.parent, "committee_officer", actor=officer)
    _open("branch", branch, "branch_secretary", actor=officer, person=secretary)
    _open("member", branch, "", actor=officer, person=member)


_OFFICES = {
    "province": _("组织部工作人员"),
    "prefecture": _("组织部工作人员"),
    "county": _("组织部工作人员"),
    "township": _("组织委员"),
    "committee": _("副书记"),
    "branch": _("书记"),
    "member": _("党员"),
}
_NAMES = {
    "province": _("省级演示员"),
    "prefecture": _("州级演示员"),
    "county": _("市级演示员"),
    "township": _("乡镇演示员"),
    "committee": _("村级演示员"),
}


def _open(
    username: str, organization: Organization, role: str, *, actor: Actor, person: Member | None = None
) -> None:
    if User.objects.filter(username=username).exists():
        return
    open_account(
        organization,
        actor=actor,
        username=username,
        name=person.name if person else _NAMES[username],
        office=organization.short_name + _OFFICES[username],
        password=DEMO_PASSWORD,
        role=role,
        member_id=person.pk if person else None,
        must_change=False,
    )


def _officer(region_code: str) -> Organization:
    found = Organization.objects.filter(region_code=region_code, closed_on=None)
    return found.unscoped("the demo's accounts").get()


def _demo_branch(county: Organization) -> Organization:
    """The first branch of the county in a village committee or general branch of a township, of middling size."""
    sizes = (
        _members(county)
        .values("branch_id")
        .annotate(number=Count("pk"))
        .filter(number__range=BRANCH_SIZE)
        .values("branch_id")
    )
    found = (
        Organization.objects.filter(
            pk__in=sizes,
            kind=Kind.BRANCH,
            closed_on=None,
            parent__kind__in=(Kind.VILLAGE_COMMITTEE, Kind.GENERAL_BRANCH),
            parent__parent__kind=Kind.TOWNSHIP_COMMITTEE,
        )
        .unscoped("the demo's accounts")
        .select_related("parent__parent")
        .order_by("key")
        .first()
    )
    if found is None:
        raise NoDemo(_("演示数据里没有合适的党支部可开设账号。"))
    return found


def _members(organization: Organization) -> QuerySet[Member]:
    standing = Member.objects.filter(below(organization.key, field="branch_key"), standing__in=COUNTED)
    return standing.unscoped("the demo's accounts")


def _members_of(branch: Organization) -> list[Member]:
    return list(_members(branch).filter(standing=Standing.FORMAL).order_by("pk")[:2])


# The public page --------------------------------------------------------------------------------------------


FIRST_YEAR, LAST_YEAR = 2012, 2016
"""The five years of the look back."""


def release_demo_edition(tell: Tell) -> None:
    """Release the look back of the five years, once, as the province's officer.

    The portal stands beside this area, not below it, so it is found by name.
    """
    province = _officer(PROVINCE)
    editions = apps.get_model("portal.Edition")._base_manager
    if editions.filter(organization_id=province.pk, first_year=FIRST_YEAR, last_year=LAST_YEAR).exists():
        return
    tell(_("发布五年回眸"))
    release = import_string("baolei.portal.actions.release")
    officer = actor_of(User.objects.get(username="province"))
    release(province, actor=officer, first_year=FIRST_YEAR, last_year=LAST_YEAR)
