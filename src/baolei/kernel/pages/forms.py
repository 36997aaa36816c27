"""Fields that many forms have, and forms with free text."""

from typing import Any

from django import forms
from django.utils import timezone

from baolei.kernel.identity import holds_identity, holds_phone


class DayField(forms.DateField):
    """A day, by itself today."""

    def __init__(self, **more: Any):
        more.setdefault("initial", timezone.localdate)
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


class CountField(forms.IntegerField):
    """A number of people."""

    def __init__(self, label: str, **more: Any):
        super().__init__(label=label, min_value=0, max_value=10_000, **more)


class WarnsForm(forms.Form):
    """Free text warns once at what looks like somebody's number, and lets it pass when sent again (G-03)."""

    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)
    watched: tuple[str, ...] = ()

    def warns(self) -> bool:
        """Whether a valid form should be looked at once more; it then carries that it has warned."""
        texts = [self.cleaned_data[name] for name in self.watched]
        if self.cleaned_data["warned"] or not any(holds_identity(t) or holds_phone(t) for t in texts):
            return False
        self.data = self.data.copy()
        self.data["warned"] = "1"
        return True
