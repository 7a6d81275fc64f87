"""Form fields that forms of several rooms need."""

from collections.abc import Callable

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

#: Longer than any written form of an identifier; the model knows the length of the bare one.
_WRITTEN = 200


class IdentifierField(forms.CharField):
    """An identifier in any of its written forms, kept in its bare one.

    Args:
        parse: returns the bare form of a text, or None if it is no such identifier; what it does
            not know is left to the model's own validator.
    """

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, parse: Callable[[str], str | None], **kwargs):
        super().__init__(**{"required": False, "max_length": _WRITTEN, "empty_value": None} | kwargs)
        self.parse = parse

    def to_python(self, value) -> str | None:
        text = super().to_python(value)
        return (self.parse(text) or text) if text else text
