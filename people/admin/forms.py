"""What every form of the admin asks beside the record's own fields: why, and since when it stands open."""

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
        refusal: why the database refused the same values a moment ago, or what is still to be decided.
        token: callable(record) -> the moment to which the form shows it; None for a form that saves nothing.
    """

    refusal: ValidationError | None = None
    token = None

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
        if self.token is not None and self.instance.pk:
            if not self.is_bound:
                self.initial[OPENED] = type(self).token(self.instance)
        else:
            del self.fields[OPENED]

    def clean(self) -> dict | None:
        """Refuse what the database refused, and what would write over the work of somebody else."""
        values = super().clean()
        if self.refusal is not None:
            add_errors(self, self.refusal)
        return values


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show an error of a model or a service at the fields that it names, as far as the form has them."""
    told = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, complaints in told.items():
        form.add_error(field if field in form.fields else None, complaints)
