"""The forms with which webhooks are made and changed."""

from django import forms
from django.core.exceptions import ValidationError
from unfold import widgets

from partnerships.models import WebhookSubscription
from partnerships.models.webhook import READS
from partnerships.querysets.feed import RESOURCES
from people.access import sees_everything
from people.admin.forms import add_errors
from people.authority import managed_offices
from people.models import Office

_WORDS = {name: name.replace("-", " ").capitalize() for name in sorted(RESOURCES)}


def _text(name: str, label: str, help_text: str, **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=WebhookSubscription._meta.get_field(name).max_length,
        help_text=help_text,
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        **kwargs,
    )


class WebhookForm(forms.Form):
    """What may be changed of a webhook at any time."""

    name = _text("name", "Name", "The system that is told, for example “CRIS of the university”.")
    address = _text("address", "Address", "Where changes are posted: https://…, reachable from here.")

    def add_told(self, error: ValidationError) -> None:
        """Show what a service refused at the field that it is about."""
        if not hasattr(error, "error_dict"):
            return add_errors(self, error)
        for field, complaints in error.error_dict.items():
            name = "question" if field.partition(".")[0] == "filter" else field
            self.add_error(name if name in self.fields else None, complaints)
        return None


class NewWebhookForm(WebhookForm):
    """What is decided when a webhook is made, and for good."""

    resources = forms.MultipleChoiceField(
        choices=list(_WORDS.items()),
        initial=["agreements"],
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Of which records it is told.",
    )
    question = _text(
        "question",
        "Filter",
        "Empty for all records. Otherwise choose one kind of record, and paste what follows the question "
        "mark in the address of its public list: country=KR&type=exchange.",
        required=False,
    )
    reads = forms.ChoiceField(
        choices=READS, label="Reads", widget=widgets.UnfoldAdminSelectWidget,
        help_text="What is internal leaves the house with each delivery.",
    )  # fmt: skip
    office = forms.ModelChoiceField(
        Office.objects.none(),
        widget=widgets.UnfoldAdminSelectWidget,
        help_text="Its administrators look after the webhook. One that reads what is internal reads what is "
        "restricted to this office, too.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = managed_offices(user)
        if sees_everything(user):
            self.fields["office"].required = False
            self.fields["office"].empty_label = "None: superusers look after it"
