"""The editor's decision about an agreement: submit, approve, send back, publish, withdraw.

One verb a function, one transaction each, permission first. ``by`` is a user or a token's
principal; ``reason`` goes into the history.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone

from partnerships.models import Agreement, Approval, Event, FocusArea, Institution
from partnerships.querysets.institutions import institution_ancestors
from partnerships.querysets.shared import focus_area_ancestors
from people.access import Disclosure
from people.history import acting
from people.models import Person, User
from people.transactions import one_transaction

from .duties import NOT_APPROVED, lacks_approval, refuse_own_work
from .errors import check_now, told_clearly
from .rules import DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN, Rule, require_reason

#: What acts of publication write.
_MOVED = (
    "publication_state", "published_at", "withdrawal_reason", "submitted_by", "submitted_at",
    "sent_back_comment",
)  # fmt: skip
#: When each act is open.
SUBMIT = Rule("change", frozenset({DRAFT}))
APPROVE = Rule("review", frozenset({IN_REVIEW}))
SEND_BACK = Rule("review", frozenset({IN_REVIEW}))
PUBLISH = Rule("publish", frozenset({IN_REVIEW, WITHDRAWN}))
WITHDRAW = Rule("withdraw", frozenset({PUBLISHED}))


@one_transaction
def submit_for_review(*, agreement: Agreement, by, reason: str = "") -> Agreement:
    """Hand a draft to the reviewers; who did is kept."""
    locked = SUBMIT.lock(agreement, by)
    locked.submitted_by = by if isinstance(by, User) else None
    locked.submitted_at = timezone.now()
    locked.sent_back_comment = ""
    return _move(agreement, locked, by, IN_REVIEW, reason or "submitted for review")


@one_transaction
def approve(*, agreement: Agreement, by, reason: str = "") -> Agreement:
    """Note that a reviewer finds a record in review fit to be published. The next edit voids it.

    Args:
        reason: a comment, kept with the approval.

    Raises:
        PermissionDenied: ``by`` may not review records of this office.
        ValidationError: the record is in another state, ``by`` approved it already, or it is their
            own work and duties are separate.
    """
    locked = APPROVE.lock(agreement, by)
    refuse_own_work(locked, by)
    with told_clearly(), acting(user=by, reason=reason or "approved"):
        Approval.objects.create(agreement=locked, by=by, comment=reason)
    return agreement


@one_transaction
def send_back(*, agreement: Agreement, by, reason: str) -> Agreement:
    """Return a record in review to its editors, saying why: it stands on the record until resubmitted."""
    require_reason(reason, "Say what has to change.")
    locked = SEND_BACK.lock(agreement, by)
    locked.sent_back_comment = reason
    return _move(agreement, locked, by, DRAFT, reason)


@one_transaction
def publish(*, agreement: Agreement, by, reason: str = "") -> Agreement:
    """Publish a record in review, or one that was withdrawn; what it names becomes public with it.

    Raises:
        PermissionDenied: ``by`` may not publish records of this office.
        ValidationError: the record is in another state, lacks parties or a source, or duties are
            separate and it is ``by``'s own work or has no approval.
    """
    locked = PUBLISH.lock(agreement, by)
    refuse_own_work(locked, by)
    if words := lacks_approval(locked, by):
        raise ValidationError(words, code=NOT_APPROVED)
    locked.published_at = locked.published_at or timezone.now()
    locked.withdrawal_reason = ""
    return _move(agreement, locked, by, PUBLISHED, reason or "published")


@one_transaction
def withdraw(*, agreement: Agreement, by, reason: str) -> Agreement:
    """Take a published record back. Its address answers from now on that it is gone, and why."""
    require_reason(reason, "Say why the record is withdrawn: its public page will.")
    locked = WITHDRAW.lock(agreement, by)
    locked.withdrawal_reason = reason
    return _move(agreement, locked, by, WITHDRAWN, reason)


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


def _move(agreement: Agreement, locked: Agreement, by, to: str, reason: str) -> Agreement:
    """Write the new state of the locked record and what goes with it; ``agreement`` says the same after."""
    locked.publication_state = to
    with told_clearly(), acting(user=by, reason=reason):
        locked.save(update_fields=_MOVED)
        if locked.is_public:
            disclose(locked)
        check_now()
    for field in _MOVED:
        setattr(agreement, field, getattr(locked, field))
    return agreement


def _make_public(model, ids: Iterable[int]) -> None:
    model.objects.filter(pk__in=ids).exclude(visibility=Disclosure.PUBLIC).update(
        visibility=Disclosure.PUBLIC
    )
