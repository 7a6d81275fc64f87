"""The editor's decision about an agreement: submit, send back, publish, withdraw.

One verb a function, one transaction each, permission first. ``by`` is a user or a token's
principal; ``reason`` goes into the history.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.choices import PublicationState
from partnerships.models import Agreement, Event, FocusArea, Institution
from partnerships.querysets.institutions import institution_ancestors
from partnerships.querysets.shared import focus_area_ancestors
from people.access import Disclosure
from people.history import acting
from people.models import Person
from people.transactions import one_transaction

from .errors import check_now, told_clearly

_DRAFT, _IN_REVIEW, _PUBLISHED, _WITHDRAWN = PublicationState
#: The code of the refusal of an act that is not open in the state of the record.
NOT_OPEN = "not_open"


def submit_for_review(*, agreement: Agreement, by, reason: str = "") -> Agreement:
    """Hand a draft to the reviewers."""
    return _move(agreement, by, "change", [_DRAFT], _IN_REVIEW, reason or "submitted for review")


def send_back(*, agreement: Agreement, by, reason: str) -> Agreement:
    """Return a record in review to its editors, saying why."""
    _require(reason, "Say what has to change.")
    return _move(agreement, by, "review", [_IN_REVIEW], _DRAFT, reason)


def publish(*, agreement: Agreement, by, reason: str = "") -> Agreement:
    """Publish a record in review, or one that was withdrawn; what it names becomes public with it.

    Raises:
        PermissionDenied: ``by`` may not publish records of this office.
        ValidationError: the record is in another state, or lacks parties or a source.
    """
    return _move(agreement, by, "publish", [_IN_REVIEW, _WITHDRAWN], _PUBLISHED, reason or "published")


def withdraw(*, agreement: Agreement, by, reason: str) -> Agreement:
    """Take a published record back. Its address answers from now on that it is gone, and why."""
    _require(reason, "Say why the record is withdrawn: its public page will.")
    return _move(agreement, by, "withdraw", [_PUBLISHED], _WITHDRAWN, reason)


#: The acts in the order of a record's life: name, verb, permission, states from which it is open.
ACTS = {
    "submit": (submit_for_review, "change", {_DRAFT}),
    "send_back": (send_back, "review", {_IN_REVIEW}),
    "publish": (publish, "publish", {_IN_REVIEW, _WITHDRAWN}),
    "withdraw": (withdraw, "withdraw", {_PUBLISHED}),
}


def open_acts(agreement: Agreement, user) -> list[str]:
    """Names of the acts that ``user`` may perform on the record as it stands."""
    return [
        name
        for name, (_, verb, states) in ACTS.items()
        if agreement.publication_state in states
        and user.has_perm(f"partnerships.{verb}_agreement", agreement)
    ]


def disclose(agreement: Agreement) -> None:
    """Make public what a public agreement names: its event and subjects, people, institutions.

    What stands above an institution or a subject goes with it: a page that names a school without
    its university would be half an answer.
    """
    signing = agreement.parties.filter(signatories__person__isnull=False)
    speaking = agreement.statements.exclude(institution=None)
    people = set(agreement.statements.values_list("person_id", flat=True))
    people |= set(signing.values_list("signatories__person_id", flat=True))
    institutions = set(agreement.parties.values_list("institution_id", flat=True))
    institutions |= set(speaking.values_list("institution_id", flat=True))
    subjects = agreement.subjects.values_list("focus_area_id", flat=True)
    _make_public(Institution, institution_ancestors(institutions))
    _make_public(Person, people)
    _make_public(FocusArea, focus_area_ancestors(subjects))
    _make_public(Event, {agreement.event_id} - {None})


def settle(agreement: Agreement) -> None:
    """End an edit of a record: disclose what it newly names, and let the rules speak.

    Call it inside the transaction of the edit, after the last row.

    Raises:
        ValidationError: the record is published, and the edit takes from it what that needs.
    """
    with told_clearly():
        if agreement.is_public:
            disclose(agreement)
        check_now()


@one_transaction
def _move(agreement: Agreement, by, verb: str, allowed: list[str], to: str, reason: str) -> Agreement:
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if not by.has_perm(f"partnerships.{verb}_agreement", locked):
        raise PermissionDenied(f"You may not {verb} records of this office.")
    if locked.publication_state not in allowed:
        state = locked.get_publication_state_display().lower()
        raise ValidationError(f"The record is {state}; this act is not open to it.", code=NOT_OPEN)
    locked.publication_state = to
    if to == _PUBLISHED:
        locked.published_at = locked.published_at or timezone.now()
    locked.withdrawal_reason = reason if to == _WITHDRAWN else ""
    with told_clearly(), acting(user=by, reason=reason):
        locked.save(update_fields=["publication_state", "published_at", "withdrawal_reason"])
        if locked.is_public:
            disclose(locked)
        check_now()
    for field in ("publication_state", "published_at", "withdrawal_reason"):
        setattr(agreement, field, getattr(locked, field))
    return agreement


def _make_public(model, ids: Iterable[int]) -> None:
    model.objects.filter(pk__in=ids).exclude(visibility=Disclosure.PUBLIC).update(
        visibility=Disclosure.PUBLIC
    )


def _require(reason: str, message: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": message})
