"""What the portal keeps: editions, and complaints about them with the corrections that follow."""

from baolei.portal.models.complaints import Complaint, Correction
from baolei.portal.models.editions import (
    WITHHELD,
    Edition,
    EditionFigure,
    EditionPart,
    EditionPlace,
    plain,
    ratio_or_count,
)

__all__ = [
    "WITHHELD",
    "Complaint",
    "Correction",
    "Edition",
    "EditionFigure",
    "EditionPart",
    "EditionPlace",
    "plain",
    "ratio_or_count",
]
