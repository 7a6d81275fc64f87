"""Deliver what is due: claim it, send it, note what came of it; many receivers at once.

A delivery is claimed by moving its ``next_at`` behind the longest time that an attempt can take. A
worker that is killed leaves it there, and it is taken up again under the same message id: what is
delivered, is delivered at least once. Receivers are spoken to in threads; the database is this thread's.
"""

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.utils import timezone

from partnerships.models import WebhookSubscription

from .attempts import Attempt, claim, settle
from .handing_out import hand_out_changes
from .sending import Outcome, send

#: Attempts under way at once: for all, for one subscription, and for one whose receiver failed last.
TOGETHER, FOR_ONE, FOR_A_FAILING_ONE = 16, 4, 1
#: For how many seconds a run begins attempts.
RUN_SECONDS = 60


def deliver(*, seconds: float = RUN_SECONDS, stop: threading.Event | None = None) -> int:
    """Deliver what is due, until nothing is; return how many attempts were made.

    Args:
        seconds: no attempt is begun after so long.
        stop: nor once this is set.
    """
    ends_at, made = time.monotonic() + seconds, 0
    under_way: dict[Future[Outcome], Attempt] = {}
    with ThreadPoolExecutor(TOGETHER, thread_name_prefix="webhook") as pool:
        while True:
            if time.monotonic() < ends_at and not (stop and stop.is_set()):
                hand_out_changes()
                for attempt in _claimed(list(under_way.values())):
                    under_way[pool.submit(send, attempt.address, attempt.headers, attempt.body)] = attempt
                    made += 1
            if not under_way:
                return made
            _settle(under_way)


def _claimed(under_way: list[Attempt]) -> list[Attempt]:
    """Claim as much as there is room for, a little of each subscription."""
    room = TOGETHER - len(under_way)
    if room <= 0:
        return []
    found: list[Attempt] = []
    for row in WebhookSubscription.objects.with_due(timezone.now()).order_by("?")[:room]:
        busy = sum(attempt.subscription_id == row.pk for attempt in under_way)
        most = FOR_A_FAILING_ONE if row.failures else FOR_ONE
        free = min(most - busy, room - len(found))
        if free > 0:
            found += claim(row.pk, free)
    return found


def _settle(under_way: dict[Future[Outcome], Attempt]) -> None:
    """Wait for attempts to end, and note what came of them."""
    done, _ = wait(under_way, timeout=0.5, return_when=FIRST_COMPLETED)
    for future in done:
        settle(under_way.pop(future), future.result())
