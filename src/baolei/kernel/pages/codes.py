"""Codes that a telephone's camera reads."""

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(text: str, *, scale: int = 3) -> SafeString:
    """The text as a QR code: an inline picture, called by its text."""
    return mark_safe(segno.make(text, error="m", micro=False).svg_inline(scale=scale, title=text))
