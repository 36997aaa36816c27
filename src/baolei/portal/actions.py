"""Writes of the area: an edition is released, or withdrawn."""

from collections.abc import Callable
from datetime import date
from functools import wraps

import psycopg.errors
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.actions import action
from baolei.kernel.figures.declare import Figure, Rows, row_sources, sharing
from baolei.kernel.figures.values import NO_CASES, OK, fold_sql, values
from baolei.kernel.tree import place_key, upper
from baolei.organizations.models import Organization
from baolei.portal.access import Can
from baolei.portal.breakdown import may_be_told
from baolei.portal.digest import digest_of
from baolei.portal.lookback.facts import frozen_fact, span_days, tellable, title_of
from baolei.portal.lookback.words import written
from baolei.portal.models import WITHHELD, Edition, EditionFigure, EditionPlace
from baolei.portal.places import area_of, level_of, named_below

DOCUMENT_LONGEST = 60


def _alone_in_one_snapshot(act: Callable) -> Callable:
    """Run the action in a transaction that reads all tables as they were at one moment, one release at a time.

    Raises ValidationError when the organization changes meanwhile.
    """

    @wraps(act)
    def run(*args, **kwargs):
        # Only a test's own transaction may be around this one (`durable`); its snapshot cannot be chosen any more.
        is_outermost = not connection.in_atomic_block
        try:
            with transaction.atomic(durable=True), connection.cursor() as cursor:
                if is_outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                # Taken before the snapshot, so that this release is judged beside all before it.
                cursor.execute("LOCK TABLE portal_edition IN SHARE ROW EXCLUSIVE MODE")
                return act(*args, **kwargs)
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.SerializationFailure):
                raise ValidationError(_("有人正在修改这个党组织，请稍后再试。")) from error
            raise

    return run


@_alone_in_one_snapshot
@action("portal.edition.release", words=gettext_lazy("发布公开数据"), needs=Can.RELEASE)
def release(organization: Organization, *, actor: Actor, first_year: int, last_year: int) -> Edition:
    """Freeze the figures of the span and show them to the public, all from one moment.

    A figure that would give away what another edition hides is withheld. Raises ValidationError when the organization
    has no look back or is just being changed, or the span cannot be told.
    """
    figures, days = tellable(organization), span_days(first_year, last_year)
    key = place_key(organization.pk, on=days[-1])
    if key is None:
        raise ValidationError(_("%(name)s当日尚未成立或已经撤销。") % {"name": organization.name})
    edition = Edition.rows.create(
        organization=organization,
        title=title_of(organization, first_year, last_year),
        source=organization.name,
        area=area_of(organization),
        level=level_of(organization),
        first_year=first_year,
        last_year=last_year,
        entered_until=timezone.now(),
    )
    _freeze_places(edition, key, days[-1])
    order = {f.code: position for position, f in enumerate(figures)}
    for rows in row_sources():
        told = [f for f in sharing(rows) if f.code in order]
        if told:
            _freeze_totals(edition, told, order, days[:-1])
            _freeze_parts(edition, rows, told, order, day=days[-1], key=key)
    _withhold(edition)
    edition.digest = digest_of(edition)
    edition.state = Edition.State.RELEASED
    edition.released_at = timezone.now()
    edition.released_by_name = actor.name
    edition.save(update_fields=["digest", "state", "released_at", "released_by_name"])
    return edition


@action("portal.edition.withdraw", words=gettext_lazy("撤回公开数据"), needs=Can.RELEASE)
def withdraw(edition: Edition, *, actor: Actor, document: str) -> Edition:
    """Take an edition back: its page says so from now on. Raises ValidationError without a document number."""
    document = document.strip()
    if not edition.is_released:
        raise ValidationError(_("这一期已经撤回。"))
    if not document:
        raise ValidationError({"document": _("请填写撤回依据的文号。")})
    if len(document) > DOCUMENT_LONGEST:
        raise ValidationError({"document": _("文号不超过 %(n)d 个字。") % {"n": DOCUMENT_LONGEST}})
    edition.state = Edition.State.WITHDRAWN
    edition.withdrawn_at = timezone.now()
    edition.withdrawn_by_name = actor.name
    edition.withdrawal_document = document
    edition.save(update_fields=["state", "withdrawn_at", "withdrawn_by_name", "withdrawal_document"])
    return edition


def _freeze_places(edition: Edition, key: str, day: date) -> None:
    """The names of the organization and of the local committees below it."""
    EditionPlace.objects.bulk_create(
        EditionPlace(
            edition=edition,
            key=place,
            name=area_of(organization),
            level=level,
            region_code=organization.region_code,
        )
        for place, organization in named_below(key, day)
        if (level := level_of(organization)) is not None
    )


def _freeze_totals(edition: Edition, figures: list[Figure], order: dict[str, int], days: list[date]) -> None:
    """The values at the earlier year ends of the span, without parts."""
    for day in days:
        EditionFigure.objects.bulk_create(
            _frozen(edition, v.figure, order, day, v.status, v.numerator, v.denominator, with_parts=False)
            for v in values(figures, edition.organization, on=day, exact=True)
        )


def _freeze_parts(
    edition: Edition, rows: Rows, figures: list[Figure], order: dict[str, int], *, day: date, key: str
) -> None:
    """The last day: parts by smallest place in one pass over the rows, and the values as their sums."""
    made = EditionFigure.objects.bulk_create(
        _frozen(edition, f, order, day, OK, None, None, with_parts=True) for f in figures
    )
    numbers = ", ".join(f"n{i}" for i in range(len(made)))
    unpivoted = ", ".join(
        f"({row.pk}::bigint, n{i}::numeric, {'n::numeric' if row.is_share else 'NULL::numeric'})"
        for i, row in enumerate(made)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH folded(key, place, n, {numbers}) AS ({fold_sql(rows, figures, group='r.key, r.place')}) "
            "INSERT INTO portal_editionpart (figure_id, place_id, key, numerator, denominator) "
            "SELECT v.figure_id, folded.place, folded.key, v.numerator, v.denominator "
            f"FROM folded CROSS JOIN LATERAL (VALUES {unpivoted}) v(figure_id, numerator, denominator) "
            "WHERE v.numerator <> 0 OR v.denominator <> 0",
            {"day": day, "low": key, "high": upper(key)},
        )
        cursor.execute(
            "SELECT figure_id, sum(numerator), sum(denominator) FROM portal_editionpart "
            "WHERE figure_id = ANY(%s) GROUP BY figure_id",
            [[row.pk for row in made]],
        )
        sums = {figure_id: pair for figure_id, *pair in cursor.fetchall()}
    for row in made:
        numerator, denominator = sums.get(row.pk, (0, 0))
        row.numerator, row.denominator = numerator, denominator if row.is_share else None
        row.status = NO_CASES if row.is_share and not denominator else OK
        row.written = _written(row)
    EditionFigure.objects.bulk_update(made, ["numerator", "denominator", "status", "written"])


def _withhold(edition: Edition) -> None:
    """Keep back the figures that would give away what is hidden in editions released before (G-05)."""
    told = [row for row in edition.figures.select_related("edition") if frozen_fact(row).is_told]
    kept = [row for row in told if not may_be_told(row)]
    for row in kept:
        row.status = WITHHELD
    EditionFigure.objects.bulk_update(kept, ["status"])


def _frozen(
    edition: Edition,
    f: Figure,
    order: dict[str, int],
    day: date,
    status: str,
    numerator,
    denominator,
    *,
    with_parts,
) -> EditionFigure:
    row = EditionFigure(
        edition=edition,
        position=order[f.code],
        code=f.code,
        label=f.label,
        unit=f.unit,
        definition=f.definition,
        reading=f.reading,
        public=f.public,
        process=f.process,
        is_share=f.is_share,
        as_of=day,
        with_parts=with_parts,
        status=status,
        numerator=numerator,
        denominator=denominator,
    )
    row.written = _written(row)
    return row


def _written(row: EditionFigure) -> str:
    return "" if row.value is None else written(row.value, row.unit_label)
