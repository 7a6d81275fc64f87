"""Forms of the editor's and the reviewer's decisions."""

from django.core.exceptions import ValidationError

from partnerships.admin.offices import offices_of
from people.models import Office

from .base import ActForm, confirmation, one_of, text, words


class SubmitForm(ActForm):
    heading, button = "Submit for review", "Submit for review"
    explanation = "The reviewers of the office find the record among those that wait for them."
    reason = words("Note to the reviewers", help_text="Optional. It stands in the history.")


class ApproveForm(ActForm):
    heading, button = "Approve", "Approve this record"
    explanation = (
        "Your name and your comment stand with the record. Whoever changes it after you voids the approval."
    )
    reason = words("Comment", help_text="Optional.")


class SendBackForm(ActForm):
    heading, button = "Send back to the editors", "Send it back"
    explanation = "The record becomes a draft again. Your comment stands on it until it is submitted again."
    reason = words("What has to change", required=True)


class PublishForm(ActForm):
    heading, button = "Publish", "Publish this record"
    explanation = (
        "Everybody whom its visibility admits finds the record from now on. A public record makes public "
        "what it names: institutions, persons, focus areas, the event. That cannot be undone."
    )
    reason = words("Note", help_text="Optional. It stands in the history.")


class WithdrawForm(ActForm):
    heading, button, danger = "Withdraw", "Withdraw this record", True
    explanation = (
        "The record leaves all public lists. Its page and its API address answer 410 with this reason."
    )
    reason = words("Reason, for everybody to read", required=True)
    confirm = confirmation("Yes, take it back from its readers.")


class DuplicateForm(ActForm):
    heading, button = "Duplicate as a template", "Make a draft copy"
    explanation = (
        "A new draft with the parties, focus areas, activities and terms of this record; without dates, "
        "signatories, sources, statements, documents and confidential terms."
    )
    office = one_of("Office", Office.objects.none(), help_text="To which the copy belongs.")
    reason = text("Note", help_text="Optional. It stands in the history of the copy.")

    def prepare(self) -> None:
        """Offer the offices for which the user records; none is asked for where there is only one."""
        own = offices_of(self.user)
        self.fields["office"].queryset = own
        standing = own.filter(pk=self.agreement.office_id).first() if self.agreement.office_id else None
        self.initial.setdefault("office", standing or own.first())
        if own.count() < 2:
            del self.fields["office"]
        elif not self.user.is_superuser:
            self.fields["office"].required = True

    def clean_office(self) -> Office | None:
        """Refuse a copy that nobody would own."""
        office = self.cleaned_data["office"]
        if office is None and not self.user.is_superuser:
            raise ValidationError("Say to which of your offices the copy belongs.")
        return office
