"""What every form of the admin asks beside the record's own fields: why, and since when it stands open."""

from datetime import datetime

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

REASON, OPENED = "change_reason", "opened_at"
#: Fields that no model has; a template of their own shows them at the end of the form.
EXTRA_FIELDS = (REASON, OPENED)
MAX_REASON = 500


class RegistryForm(forms.ModelForm):
    """Put in front of the form class of every ``RegistryModelAdmin``.

    Class attributes, set for each request:
        refusal: why the database refused the same values a moment ago, or None.
        tell_of_changes: callable(record, since) -> message, for the optimistic lock; None without one.
    """

    refusal: ValidationError | None = None
    tell_of_changes = None

    change_reason = forms.CharField(
        label="Reason for this change",
        required=False,
        max_length=MAX_REASON,
        help_text="Optional. It stands in the history, beside your name.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self._stands_locked():
            self.initial[OPENED] = self.instance.updated_at.isoformat()
        else:
            del self.fields[OPENED]

    def clean(self) -> dict | None:
        """Refuse what the database refused, and what would write over the work of somebody else."""
        values = super().clean()
        if self.refusal is not None:
            add_errors(self, self.refusal)
        if OPENED in self.fields:
            self._hold_against_others()
        return values

    def _stands_locked(self) -> bool:
        return self.tell_of_changes is not None and bool(self.instance.pk)

    def _hold_against_others(self) -> None:
        """Compare with the row as it stands now, and keep it so until the end of the transaction."""
        rows = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk)
        stands = rows.values_list("updated_at", flat=True).first()
        if stands is None:
            self.add_error(None, "This record was deleted since you opened it.")
            return
        opened = moment_of(self.cleaned_data.get(OPENED))
        if opened == stands:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix(OPENED)] = stands.isoformat()
        self.add_error(None, type(self).tell_of_changes(self.instance, opened))


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show an error of a model or a service at the fields that it names, as far as the form has them."""
    told = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, complaints in told.items():
        form.add_error(field if field in form.fields else None, complaints)


def moment_of(text: str | None) -> datetime | None:
    """The moment that a form carries with it, or None where somebody tampered with it."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
