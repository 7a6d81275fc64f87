"""Separation of duties: nobody approves or publishes what they submitted or last changed themselves."""

from django.conf import settings
from django.core.exceptions import ValidationError

from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    AgreementRelation,
    AmendedTerm,
    Amendment,
    Document,
    Party,
    Period,
    SharedOffice,
    Signatory,
    Source,
    Statement,
)
from people.models import User

#: Codes of refusals: of one's own work, and of a record without another person's approval.
OWN_WORK, NOT_APPROVED = "own_work", "not_approved"
#: Columns that acts of publication move: a change of these alone is no edit.
_OF_ACTS = {
    "publication_state", "published_at", "withdrawal_reason", "submitted_by_id", "submitted_at",
    "sent_back_comment", "updated_at",
}  # fmt: skip
#: Parts of a record, each with its foreign key to it.
_PARTS = (
    Party, AgreementFocusArea, Activity, Source, Statement, Document, Period, AgreementRelation, SharedOffice,
    Amendment,
)  # fmt: skip
#: Rows of such parts, with their foreign key to the part.
_ROWS_OF_PARTS = ((Signatory, "party", Party), (AmendedTerm, "amendment", Amendment))


def duties_are_separate(agreement: Agreement) -> bool:
    """True where the record's office, or else the installation, separates duties."""
    own = agreement.office.separate_duties if agreement.office_id else None
    return settings.SEPARATION_OF_DUTIES if own is None else own


def own_work(agreement: Agreement, by) -> str:
    """Say why ``by`` may not judge the record; "" where they may, or duties are not separate.

    Bound are people: a command of the installation answers to whoever runs it.
    """
    if not isinstance(by, User) or not duties_are_separate(agreement):
        return ""
    if agreement.submitted_by_id == by.pk:
        return "You submitted this record yourself; somebody else has to approve and publish it."
    if by.pk in last_editors(agreement):
        return "You changed this record last yourself; somebody else has to approve and publish it."
    return ""


def refuse_own_work(agreement: Agreement, by) -> None:
    """Raise ValidationError (``OWN_WORK``) where ``by`` may not judge the record."""
    if words := own_work(agreement, by):
        raise ValidationError(words, code=OWN_WORK)


def lacks_approval(agreement: Agreement, by) -> str:
    """Say that a record in review waits for an approval; "" where it has one, or needs none."""
    if not isinstance(by, User) or not duties_are_separate(agreement):
        return ""
    if agreement.publication_state != "in_review" or agreement.approvals.filter(voided_at=None).exists():
        return ""
    return "This record needs the approval of a reviewer before it is published."


def last_editors(agreement: Agreement) -> set[int]:
    """Ids of the accounts that made the last edit of a record or of what belongs to it.

    Read from the history: one statement a table. More than one where a transaction knew several.
    """
    found = [_last_edit_of_record(agreement)]
    found += [_last(_events(part).filter(agreement=agreement.pk)) for part in _PARTS]
    for rows, link, part in _ROWS_OF_PARTS:
        owners = _events(part).filter(agreement=agreement.pk).values("pgh_obj")
        found.append(_last(_events(rows).filter(**{f"{link}__in": owners})))
    edits = [edit for edit in found if edit]
    latest = max((moment for moment, _ in edits), default=None)
    return {user for moment, user in edits if moment == latest and user is not None}


def _events(model):
    return model._meta.get_field("history").related_model.objects


def _last(events) -> tuple | None:
    event = events.order_by("-pgh_id").values_list("pgh_created_at", "pgh_context__metadata")[:1]
    return next(((moment, (facts or {}).get("user")) for moment, facts in event), None)


def _last_edit_of_record(agreement: Agreement) -> tuple | None:
    """The last event of the record's own row in which more moved than what acts move."""
    events = _events(Agreement)
    kept = {field.attname for field in events.model._meta.concrete_fields} - _OF_ACTS
    names = [field.attname for field in Agreement._meta.concrete_fields if field.attname in kept]
    edit = before = None
    for event in events.filter(pgh_obj=agreement.pk).select_related("pgh_context").order_by("pgh_id"):
        values = [getattr(event, name) for name in names]
        if values != before:
            edit, before = event, values
    if edit is None:
        return None
    facts = edit.pgh_context.metadata if edit.pgh_context else {}
    return edit.pgh_created_at, facts.get("user")
