"""Forms with free text."""

from django import forms

from baolei.kernel.identity import holds_identity, holds_phone


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
