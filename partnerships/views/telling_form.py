"""The form with which a visitor reports an error, and the token that goes with it."""

import secrets
import time
from dataclasses import dataclass

from django import forms
from django.core import signing
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.choices import REPORTABLE
from partnerships.models import SuggestionContact
from partnerships.models.suggestion import LONGEST_SOURCE, LONGEST_TEXT
from partnerships.querysets.suggestions import kind_of
from partnerships.services.suggestions import Report

#: Without a time of its own: the ticket has one, and handed out again it is the same to the letter.
_SIGNER = signing.Signer(salt="partnerships.tell-us")
#: Seconds for which a form may lie open, and which a person needs at least to fill it in.
OLDEST = 24 * 3600
QUICKEST = 3
#: What no person fills in, for it is not shown.
TRAP = "leave_empty"


@dataclass(frozen=True)
class Ticket:
    """What was signed when the form was handed out: for which record, to whom, when."""

    about: str
    user: int
    number: str
    given_at: float

    @classmethod
    def new(cls, record: Model, user) -> "Ticket":
        return cls(_name(record), user.pk or 0, secrets.token_hex(16), time.time())

    @classmethod
    def read(cls, text: str) -> "Ticket | None":
        """Return what was signed here; None for anything else."""
        try:
            about, user, number, given_at = _SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(about, user, number, given_at)

    @property
    def signed(self) -> str:
        return _SIGNER.sign_object([self.about, self.user, self.number, self.given_at])

    def fault(self, record: Model, user) -> str:
        """Return why a form with this ticket is not taken now; empty where it is."""
        if (self.about, self.user) != (_name(record), user.pk or 0) or time.time() - self.given_at > OLDEST:
            return _("This form was open for too long. Look over what you wrote and send it again.")
        if time.time() - self.given_at < QUICKEST:
            return _("This was sent faster than anybody writes. Wait a few seconds and send it again.")
        return ""

    def can_be_kept(self, record: Model, user) -> bool:
        """True where the same form may be sent once more: it is of this record and person, and young."""
        same = (self.about, self.user) == (_name(record), user.pk or 0)
        return same and time.time() - self.given_at <= OLDEST


def _name(record: Model) -> str:
    return f"{record._meta.label_lower} {record.pk}"


class TellingForm(forms.Form):
    """What is wrong, what is right, and how one knows."""

    field = forms.ChoiceField(label=gettext_lazy("Which part of the page?"))
    wrong = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        min_length=10,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    right = forms.CharField(
        label=gettext_lazy("What is right? (if you know)"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = forms.CharField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy("The address of a web page, or in words: a document, your own work."),
        min_length=3,
        max_length=LONGEST_SOURCE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name (optional)"),
        max_length=SuggestionContact._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address (optional)"),
        help_text=gettext_lazy(
            "Only for a question of ours. Staff alone see it; it is deleted 90 days after the decision."
        ),
        max_length=SuggestionContact._meta.get_field("email").max_length,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    leave_empty = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, record: Model, **kwargs):
        super().__init__(*args, auto_id="tell-%s", **kwargs)
        self.fields["field"].choices = list(REPORTABLE[kind_of(type(record))].items())

    def clean_leave_empty(self) -> str:
        # Said outright: a browser that fills in forms by itself shall lose nobody's report.
        if self.cleaned_data[TRAP]:
            raise forms.ValidationError(_("Clear this field and send the form again."))
        return ""

    @property
    def report(self) -> Report:
        """What was typed, once it is valid."""
        return Report(**{name: value for name, value in self.cleaned_data.items() if name != TRAP})
