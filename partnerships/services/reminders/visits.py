"""When somebody sat at the desk: what changed since is news to them."""

from datetime import datetime, timedelta

from django.utils import timezone

from partnerships.models import DeskVisit
from people.models import User
from people.transactions import one_transaction

#: A pause after which somebody who looks again has come back.
PAUSE = timedelta(minutes=30)


@one_transaction
def note_visit(*, user: User) -> datetime | None:
    """Note that ``user`` sits at the desk, and return when they left it last; None the first time."""
    now = timezone.now()
    visit, is_first = DeskVisit.objects.select_for_update().get_or_create(
        user=user, defaults={"seen_at": now}
    )
    if not is_first:
        if now - visit.seen_at >= PAUSE:
            visit.before = visit.seen_at
        visit.seen_at = now
        visit.save(update_fields=["seen_at", "before"])
    return visit.before
