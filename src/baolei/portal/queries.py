"""Reads of editions: what strangers may see, and what officers see in their reach."""

from django.db.models import Exists, OuterRef, QuerySet

from baolei.kernel.figures.declare import FIGURES
from baolei.portal.models import Edition, EditionFigure

State = Edition.State


def editions() -> QuerySet[Edition]:
    """All editions that were ever released, newest first; to be narrowed by `visible_to`."""
    found = Edition.objects.exclude(state=State.DRAFT).select_related("organization")
    return found.order_by("-released_at", "-pk")


def published() -> QuerySet[Edition]:
    """Everything that was told to the public, withdrawn editions too (they answer that they are withdrawn)."""
    return editions().unscoped("released editions are public")


def headlines() -> QuerySet[Edition]:
    """The newest released edition of each organization and span."""
    newer = Edition.objects.filter(
        organization=OuterRef("organization"),
        first_year=OuterRef("first_year"),
        last_year=OuterRef("last_year"),
        state=State.RELEASED,
        released_at__gt=OuterRef("released_at"),
    )
    return published().filter(~Exists(newer), state=State.RELEASED)


def of_same_span(edition: Edition) -> QuerySet[Edition]:
    """The editions of the same organization and span, this one and withdrawn ones included, oldest first."""
    return (
        published()
        .filter(
            organization_id=edition.organization_id,
            first_year=edition.first_year,
            last_year=edition.last_year,
        )
        .order_by("released_at", "pk")
    )


def later(edition: Edition) -> Edition | None:
    """The edition that is read today in place of this one."""
    return (
        of_same_span(edition)
        .filter(state=State.RELEASED, released_at__gt=edition.released_at)
        .order_by("released_at", "pk")
        .last()
    )


def number_of(edition: Edition) -> int:
    """The how-many-eth edition of its span it is, counted from 1."""
    return of_same_span(edition).filter(released_at__lte=edition.released_at, pk__lte=edition.pk).count()


def figures_of(edition: Edition) -> QuerySet[EditionFigure]:
    """The frozen figures in the order of their declaration, day by day."""
    return edition.figures.order_by("position", "as_of")


def told_twins(figure: EditionFigure) -> QuerySet[EditionFigure]:
    """The same figure on the same day in every edition of the organization ever told, oldest first."""
    return told_over_its_rows(figure).filter(
        code=figure.code, edition__organization_id=figure.edition.organization_id
    )


def told_over_its_rows(figure: EditionFigure) -> QuerySet[EditionFigure]:
    """The figures over the same rows and day in every edition ever told, of any organization, oldest first."""
    declared = FIGURES.get(figure.code)
    codes = [f.code for f in declared.rows.figures] if declared else [figure.code]
    return (
        EditionFigure.objects.filter(code__in=codes, as_of=figure.as_of, edition__in=published())
        .select_related("edition")
        .order_by("edition__released_at", "edition_id", "position")
    )
