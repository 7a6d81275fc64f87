"""What the forms of all acts have in common."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from unfold import widgets

from partnerships.admin.fields import PartialDateInput
from partnerships.fields import PartialDateFormField
from partnerships.models import Agreement

#: The longest reason that a history shows whole; what the public page tells may be longer.
MAX_REASON = 2000
TEXT = {"class": "max-w-2xl"}


def text(label: str, **kwargs) -> forms.CharField:
    """A field of one line."""
    kwargs = {"required": False, "max_length": 300} | kwargs
    return forms.CharField(label=label, widget=widgets.UnfoldAdminTextInputWidget(attrs=TEXT), **kwargs)


def words(label: str, rows: int = 3, **kwargs) -> forms.CharField:
    """A field of some lines."""
    kwargs = {"required": False, "max_length": MAX_REASON} | kwargs
    return forms.CharField(
        label=label, widget=widgets.UnfoldAdminTextareaWidget(attrs=TEXT | {"rows": rows}), **kwargs
    )


def day(label: str, **kwargs) -> PartialDateFormField:
    """A date, as precisely as it is known."""
    return PartialDateFormField(label=label, widget=PartialDateInput(), **{"required": False} | kwargs)


def choice(label: str, choices, **kwargs) -> forms.ChoiceField:
    """One of a closed list."""
    widget = widgets.UnfoldAdminSelectWidget(attrs={"class": "max-w-md"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, **kwargs)


def one_of(label: str, rows, **kwargs) -> forms.ModelChoiceField:
    """One of a few records."""
    widget = widgets.UnfoldAdminSelectWidget(attrs={"class": "max-w-md"})
    return forms.ModelChoiceField(
        rows, label=label, widget=widget, **{"required": False, "empty_label": "—"} | kwargs
    )


def searched(label: str, relation, rows, **kwargs) -> forms.ModelChoiceField:
    """One of very many records, searched for as one types.

    Args:
        relation: the foreign key whose search field it is.
        rows: what the user may name.
    """
    widget = AutocompleteSelect(relation, admin.site, attrs={"class": "max-w-md"})
    return forms.ModelChoiceField(rows, label=label, widget=widget, **{"required": False} | kwargs)


def upload(label: str, help_text: str) -> forms.FileField:
    """A file. Whether it is fit to be kept is the service's business."""
    widget = widgets.UnfoldAdminFileFieldWidget(attrs={"class": "max-w-md"})
    return forms.FileField(label=label, required=False, help_text=help_text, widget=widget)


def confirmation(label: str) -> forms.BooleanField:
    """A box to be ticked before something that is hard to take back."""
    message = "Confirm that this is what you want."
    return forms.BooleanField(
        label=label, error_messages={"required": message}, widget=widgets.UnfoldBooleanWidget()
    )


class ActForm(forms.Form):
    """The form of an act, for one record and one user.

    Class attributes:
        heading: what the page is called.
        explanation: what follows from the act, in a sentence or two.
        button: what the button says; ``danger`` gives it a warning colour.
        sections: headings with the names of the fields below them; what none names comes last.
    """

    heading = explanation = button = ""
    danger = False
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()

    opened_at = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args, agreement: Agreement, user, **kwargs):
        self.agreement, self.user = agreement, user
        super().__init__(*args, **kwargs)
        self.initial["opened_at"] = agreement.updated_at.isoformat()
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the record and the user."""

    def act(self) -> str:
        """The name of the act, where the form offers more than one; "" for that of the page."""
        return ""

    def facts(self) -> dict[str, Any]:
        """What the verb takes besides ``agreement`` and ``by``."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _OURS}

    def today(self) -> list[tuple[str, str]]:
        """What the record says today of what the act changes: labels and values."""
        return []

    def groups(self) -> Iterator[tuple[str, list]]:
        """Headings with their bound fields, for the template."""
        named = {name for _, names in self.sections for name in names}
        for heading, names in self.sections:
            yield heading, [self[name] for name in names if name in self.fields]
        yield "", [field for field in self.visible_fields() if field.name not in named]


_OURS = {"opened_at", "confirm", "how"}
