"""Subscriptions to changes: made, changed, given another secret, ended.

``by`` is a token's principal, which looks after its own subscriptions, or a member of staff, who
looks after those of their offices and of the offices' tokens.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.models import Change, WebhookSubscription
from partnerships.services.errors import told_clearly
from people.authority import may_issue
from people.history import acting
from people.models import Office, Scope
from people.principals import TokenPrincipal
from people.transactions import one_transaction

from .addresses import Refused, read_address
from .filters import note_matches, require_filter
from .reading import principal_of, principal_with
from .secrets import new_secret, sealed

#: A token has no more subscriptions than this.
MOST = 50
#: For so long an old secret signs beside the new one, unless told otherwise; and at most.
OVERLAP, LONGEST_OVERLAP, NO_OVERLAP = timedelta(days=1), timedelta(days=7), timedelta(0)


@one_transaction
def subscribe(
    *,
    by,
    name: str,
    address: str,
    resources: Sequence[str],
    question: str = "",
    reads: str = "",
    office: Office | None = None,
    after: int | None = None,
) -> tuple[WebhookSubscription, str]:
    """Make a subscription and return it with its secret, which is never shown again.

    Args:
        question: the query string of the list of the one resource; "" for every record.
        reads: ``read:public`` or ``read:internal``; for staff only: a token reads as it does everywhere.
        office: whose administrators look after it; for staff only.
        after: the position of the feed behind which it begins; None is now.

    Raises:
        PermissionDenied: ``by`` is a token without the scope ``webhooks``, or does not manage the office,
            or gives away more than they hold.
        ValidationError: naming ``name``, ``address``, ``resources``, ``filter``, ``filter.…`` or ``after``.
    """
    row = WebhookSubscription(
        name=_text(name), address=_text(address), resources=list(dict.fromkeys(resources))
    )
    row.question = _text(question).lstrip("?")
    if isinstance(by, TokenPrincipal):
        _require_token(by)
        row.token = by.token
    else:
        if not may_issue(by, office, [reads]):
            raise PermissionDenied("You may not have this told for this office.")
        row.reads, row.office = reads, office
    secret = new_secret()
    row.secret = sealed(secret)
    last = Change.objects.last_position()
    if after is not None and not 0 <= after <= last:
        raise ValidationError({"after": "The feed has no such position."})
    row.position = last if after is None else after
    # Before its beginning a feed told of nothing that could leave a filter.
    row.known_from = last if row.position else 0
    _require_sense(row)
    with told_clearly(), acting(user=by, reason="webhook made"):
        row.save()
    if row.question and row.known_from:
        note_matches(row, principal_of(row))
    return row, secret


@one_transaction
def revise_subscription(
    *,
    subscription: WebhookSubscription,
    by,
    name: str | None = None,
    address: str | None = None,
    active: bool | None = None,
    reason: str = "",
) -> WebhookSubscription:
    """Rename a subscription, lead it elsewhere, pause it or let it go on; None leaves a fact as it is.

    Going on, it is told all that changed meanwhile, and what waits is attempted at once.

    Raises:
        PermissionDenied: ``by`` does not look after it.
        ValidationError: naming ``name``, ``address`` or ``active``.
    """
    locked = _locked(subscription, by)
    if name is not None:
        locked.name = _text(name)
    if address is not None:
        locked.address = _text(address)
    if active is not None:
        _switch(locked, active)
    _require_sense(locked, filter_too=False)
    with told_clearly(), acting(user=by, reason=reason or "webhook changed"):
        locked.save()
    return locked


@one_transaction
def rotate_secret(*, subscription: WebhookSubscription, by, overlap: timedelta = OVERLAP) -> str:
    """Give a subscription another secret and return it; for ``overlap`` the old one signs as well.

    Raises:
        PermissionDenied: ``by`` does not look after it.
        ValidationError: naming ``overlap_hours``.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        hours = LONGEST_OVERLAP // timedelta(hours=1)
        raise ValidationError({"overlap_hours": f"Between 0 and {hours} hours."})
    locked = _locked(subscription, by)
    secret = new_secret()
    locked.old_secret = locked.secret if overlap else ""
    locked.old_secret_until = timezone.now() + overlap if overlap else None
    locked.secret = sealed(secret)
    # Kept under another SECRET_KEY, the old one could not sign; the new one can.
    locked.paused_because = ""
    with acting(user=by, reason="webhook secret rotated"):
        locked.save()
    return secret


@one_transaction
def end_subscription(*, subscription: WebhookSubscription, by, reason: str = "") -> None:
    """Remove a subscription with all that waits for it.

    Raises:
        PermissionDenied: ``by`` does not look after it.
    """
    locked = _locked(subscription, by)
    with acting(user=by, reason=reason or "webhook removed"):
        locked.delete()


def require_may_manage(subscription: WebhookSubscription, by) -> None:
    """Raise PermissionDenied unless ``by`` looks after ``subscription``."""
    if isinstance(by, TokenPrincipal):
        _require_token(by)
        own = subscription.token_id == by.token.pk
    else:
        own = WebhookSubscription.objects.visible_to(by).filter(pk=subscription.pk).exists()
    if not own:
        raise PermissionDenied("This webhook is not yours.")


def _require_token(by: TokenPrincipal) -> None:
    if Scope.WEBHOOKS not in by.token.scopes:
        raise PermissionDenied("This token lacks the scope “webhooks”.")


def _locked(subscription: WebhookSubscription, by) -> WebhookSubscription:
    require_may_manage(subscription, by)
    return WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)


def _switch(row: WebhookSubscription, active: bool) -> None:
    if active and principal_of(row) is None:
        raise ValidationError({"active": "Its token opens nothing any more; make another webhook."})
    if active and not row.active:
        row.failures, row.failing_since, row.rests_until = 0, None, None
        now = timezone.now()
        # Given up is given up a day after the first attempt: that day begins anew.
        row.deliveries.filter(state="waiting").update(next_at=now, attempts=0, first_attempt_at=None)
    row.active, row.paused_because = active, ""


def _require_sense(row: WebhookSubscription, *, filter_too: bool = True) -> None:
    """Raise ValidationError for what makes no sense, by field."""
    try:
        read_address(row.address)
    except Refused as error:
        raise ValidationError({"address": str(error)}) from error
    row.full_clean(exclude=["secret", "question", "created_at"], validate_constraints=False)
    if not filter_too:
        return
    if row.token and row.token.webhooks.exclude(pk=row.pk).count() >= MOST:
        raise ValidationError(f"A token has at most {MOST} webhooks.")
    if row.question:
        if len(row.resources) != 1:
            raise ValidationError({"filter": "A filter is the question to one list: name one resource."})
        if len(row.question) > row._meta.get_field("question").max_length:
            raise ValidationError({"filter": "This filter is too long."})
        reader = principal_of(row) if row.token else principal_with(row.reads, row.office)
        require_filter(row.resources[0], row.question, reader)


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()
