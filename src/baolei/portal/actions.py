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
from baolei.kernel.figures.declare import OWN, Figure, Rows, row_sources
from baolei.kernel.figures.folding import parts_sql
from baolei.kernel.figures.values import values
from baolei.kernel.tree import place_key, upper
from baolei.organizations.models import Organization
from baolei.portal.access import Can
from baolei.portal.breakdown import may_be_told
from baolei.portal.digest import digest_of
from baolei.portal.lookback.article import LATER
from baolei.portal.lookback.facts import frozen_fact, later_day, span_days, tellable, title_of
from baolei.portal.lookback.words import written
from baolei.portal.models import WITHHELD, Edition, EditionFigure, EditionPlace
from baolei.portal.places import area_of, named_below

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
        level=organization.level,
        first_year=first_year,
        last_year=last_year,
        entered_until=timezone.now(),
    )
    _freeze_places(edition, key, days[-1])
    order = {f.code: position for position, f in enumerate(figures)}
    later = later_day(last_year)
    for rows in row_sources():
        told = [f for f in rows.figures if f.code in order]
        for day in days:
            here = [f for f in told if day != days[-1] or f.code in LATER]
            _freeze_totals(edition, here, order, day)
        for day, here in (
            (days[-1], [f for f in told if f.code not in LATER]),
            (later, [f for f in told if f.code in LATER]),
        ):
            if here:
                _freeze_parts(edition, rows, here, order, day=day)
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
        if (level := organization.level) is not None
    )


def _freeze_totals(edition: Edition, figures: list[Figure], order: dict[str, int], day: date) -> None:
    """The values on another day than the one told, without parts."""
    EditionFigure.objects.bulk_create(
        _frozen(edition, v.figure, order, day, v.status, v.numerator, v.denominator, with_parts=False)
        for v in values(figures, edition.organization, on=day, exact=True)
    )


def _freeze_parts(
    edition: Edition, rows: Rows, figures: list[Figure], order: dict[str, int], *, day: date
) -> None:
    """The day told: the values, and their parts by smallest place in one pass over the rows."""
    key = place_key(edition.organization_id, on=day)
    if key is None:
        _freeze_totals(edition, figures, order, day)
        return
    made = EditionFigure.objects.bulk_create(
        _frozen(edition, v.figure, order, day, v.status, v.numerator, v.denominator, with_parts=True)
        for v in values(figures, edition.organization, on=day, exact=True)
    )
    names = ", ".join(f"c{i}_{j}" for i in range(len(made)) for j in range(4))
    unpivoted = ", ".join(
        f"({row.pk}::bigint, c{i}_0::numeric, c{i}_1::numeric, {_is_part(f, row)})"
        for i, (f, row) in enumerate(zip(figures, made, strict=True))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH folded(key, n, {names}) AS ({parts_sql(rows, figures)})
                INSERT INTO portal_editionpart (figure_id, place_id, key, numerator, denominator)
                SELECT v.figure_id, l.organization_id, folded.key, sum(v.numerator), sum(v.denominator)
                FROM folded JOIN organizations_lasting l ON l.key = folded.key AND l.during @> %(day)s
                CROSS JOIN LATERAL (VALUES {unpivoted}) v(figure_id, numerator, denominator, is_part)
                WHERE folded.key >= %(low)s AND folded.key < %(high)s AND v.is_part
                GROUP BY 1, 2, 3 HAVING sum(v.numerator) <> 0 OR sum(v.denominator) <> 0""",
            {"day": day, "low": key, "high": upper(key)},
        )


def _is_part(f: Figure, row: EditionFigure) -> str:
    """SQL for whether what lies at `folded.key` is a part of the value."""
    if row.numerator is None:
        return "false"
    return "folded.key = %(low)s" if f.levels == OWN else "true"


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
        is_share=f.has_denominator,
        adds_up=f.adds_up,
        as_of=day,
        with_parts=with_parts,
        status=status,
        numerator=numerator,
        denominator=denominator,
    )
    row.written = _written(row)
    return row


def _written(row: EditionFigure) -> str:
    return "" if row.value is None else written(row.value, str(row.unit_label))
