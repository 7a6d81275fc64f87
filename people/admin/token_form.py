"""The forms with which a token is issued, rotated and changed."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold import widgets

from people.access import sees_everything
from people.authority import managed_offices, may_issue
from people.clients import network
from people.models import ApiToken, Office, Scope
from people.services.tokens import LASTS, LONGEST_OVERLAP, OVERLAP, standing

FARTHEST = 10 * LASTS
_BARE = {"autocomplete": "off"}


def next_year():
    """A year from today: long enough to be of use, short enough to be looked at again."""
    return timezone.localdate() + LASTS


def _longest(field: str) -> int:
    return ApiToken._meta.get_field(field).max_length


class NetworksField(forms.CharField):
    """Networks, one a line; commas and spaces part them as well."""

    widget = widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false", **_BARE})

    def clean(self, value) -> list[str]:
        """Say of each line that is no network what is wrong with it."""
        found, faults = [], []
        for text in super().clean(value).replace(",", " ").split():
            try:
                found.append(str(network(text)))
            except ValidationError as error:
                faults.append(error)
        if faults:
            raise ValidationError(faults)
        return list(dict.fromkeys(found))


class _ValidThrough(forms.Form):
    """Until when a token works: a day, on which it still does."""

    valid_through = forms.DateField(
        required=False,
        help_text="The last day on which the token works; empty if it shall never expire.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def clean_valid_through(self):
        """A day that is over makes no token, and no calendar reaches as far as a slip of the keyboard."""
        day = self.cleaned_data["valid_through"]
        if day and day > timezone.localdate() + FARTHEST:
            raise ValidationError("Give a day within the next ten years, or none.")
        if day and day < timezone.localdate():
            raise ValidationError("This day is over.")
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The end of the day that was given."""
        last = self.cleaned_data["valid_through"]
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)) if last else None


class _About(_ValidThrough):
    """What may be said of a token when it is issued, and later on."""

    networks = NetworksField(
        label="Allowed networks",
        required=False,
        max_length=4000,
        help_text="From where it may be used, one a line, like 192.0.2.0/24 or 2001:db8::/32. "
        "Empty: from everywhere.",
    )
    contact = forms.CharField(
        required=False,
        max_length=_longest("contact"),
        help_text="Who looks after the system: a name, an e-mail address.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs=_BARE),
    )
    notes = forms.CharField(
        required=False,
        max_length=_longest("notes"),
        widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    rate_limit = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text="Units a minute; 0: no limit; empty: as the installation is set.",
        widget=widgets.UnfoldAdminIntegerFieldWidget(attrs=_BARE),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not sees_everything(user):
            del self.fields["rate_limit"]

    def facts(self) -> dict:
        """What the service takes."""
        named = ("networks", "contact", "notes", "rate_limit")
        facts = {name: self.cleaned_data[name] for name in named if name in self.fields}
        return facts | {"expires_at": self.expires_at}


class IssueTokenForm(_About):
    name = forms.CharField(
        max_length=_longest("name"),
        help_text="The system that will use it, for example “Website of the faculty”.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs=_BARE),
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

    field_order = ("name", "scopes", "office", "valid_through", "networks", "contact", "notes", "rate_limit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valid_through"].initial = next_year
        self.fields["office"].queryset = managed_offices(self.user)
        if sees_everything(self.user):
            self.fields["office"].required = False
            self.fields["office"].empty_label = "All offices"

    def clean(self) -> dict:
        """Nobody gives away more than they hold."""
        values = super().clean()
        scopes, office = values.get("scopes"), values.get("office")
        if scopes and "office" in values and not may_issue(self.user, office, scopes):
            self.add_error("scopes", "You may not give these scopes for this office.")
        return values

    def facts(self) -> dict:
        """What ``issue_token`` takes."""
        named = {name: self.cleaned_data[name] for name in ("name", "scopes", "office")}
        return super().facts() | named


class ReviseTokenForm(_About):
    """What may change of a token (``revise_token``)."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput())

    field_order = ("valid_through", "networks", "contact", "notes", "rate_limit")

    def __init__(self, *args, token: ApiToken, **kwargs):
        stands = {"contact": token.contact, "notes": token.notes, "rate_limit": token.rate_limit}
        stands |= {"networks": "\n".join(token.networks), "valid_through": last_day(token)}
        stands["seen"] = standing(token)
        super().__init__(*args, initial=stands, **kwargs)

    def facts(self) -> dict:
        """What ``revise_token`` takes."""
        return super().facts() | {"seen": self.cleaned_data["seen"]}


class RotateTokenForm(_ValidThrough):
    """When the present secret ends, and the token itself (``rotate_token``)."""

    old_works_until = forms.DateTimeField(
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )

    field_order = ("old_works_until", "valid_through")

    def __init__(self, *args, token: ApiToken, **kwargs):
        now = timezone.localtime()
        until = (now + OVERLAP).strftime("%Y-%m-%dT%H:%M")
        ends = last_day(token) and max(last_day(token), next_year())
        super().__init__(*args, initial={"old_works_until": until, "valid_through": ends}, **kwargs)
        field = self.fields["old_works_until"]
        field.label = f"{token.prefix}… works until"
        field.help_text = (
            f"Until then both secrets work ({timezone.get_current_timezone_name()}). "
            f"A moment that is over ends the old one at once; at most {LONGEST_OVERLAP.days} days from now."
        )

    def clean_old_works_until(self):
        """No secret that was replaced works for ever."""
        moment = self.cleaned_data["old_works_until"]
        if moment > timezone.now() + LONGEST_OVERLAP:
            raise ValidationError(f"Give a moment within the next {LONGEST_OVERLAP.days} days.")
        return moment

    def facts(self) -> dict:
        """What ``rotate_token`` takes."""
        return {"old_works_until": self.cleaned_data["old_works_until"], "expires_at": self.expires_at}


def last_day(token: ApiToken):
    """The last whole day on which a token works; None if it never expires."""
    ends = token.expires_at
    return timezone.localdate(ends - timedelta(microseconds=1)) if ends else None
