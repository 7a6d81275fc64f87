"""The form with which a token is issued."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold import widgets

from people.access import sees_everything
from people.authority import managed_offices, may_issue
from people.models import ApiToken, Office, Scope

LASTS = timedelta(days=365)
FARTHEST = 10 * LASTS


def next_year():
    """A year from today: long enough to be of use, short enough to be looked at again."""
    return timezone.localdate() + LASTS


class IssueTokenForm(forms.Form):
    name = forms.CharField(
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text="The system that will use it, for example “Website of the faculty”.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        initial=[Scope.READ_PUBLIC],
        widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What the system may do. As little as it needs.",
    )
    office = forms.ModelChoiceField(
        Office.objects.none(),
        widget=widgets.UnfoldAdminSelectWidget,
        help_text="The token reads and writes on behalf of this office.",
    )
    valid_through = forms.DateField(
        required=False,
        initial=next_year,
        help_text="The last day on which it works; empty if it shall never expire.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["office"].queryset = managed_offices(user)
        if sees_everything(user):
            self.fields["office"].required = False
            self.fields["office"].empty_label = "All offices"

    def clean_valid_through(self):
        """A day that is over makes no token, and no calendar reaches as far as a slip of the keyboard."""
        day = self.cleaned_data["valid_through"]
        if day and day > timezone.localdate() + FARTHEST:
            raise ValidationError("Give a day within the next ten years, or none.")
        if day and day < timezone.localdate():
            raise ValidationError("This day is over.")
        return day

    def clean(self) -> dict:
        """Nobody gives away more than they hold."""
        values = super().clean()
        scopes, office = values.get("scopes"), values.get("office")
        if scopes and "office" in values and not may_issue(self.user, office, scopes):
            self.add_error("scopes", "You may not give these scopes for this office.")
        return values

    def facts(self) -> dict:
        """What ``issue_token`` takes."""
        last = self.cleaned_data["valid_through"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "office": self.cleaned_data["office"],
            "expires_at": timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
            if last
            else None,
        }
