"""Waiting for news of the feed, by a reader's request or by the worker."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection

from partnerships.models import Change

from .telling import SMALL_BATCH, tell

logger = logging.getLogger("entente.feed")

#: How long a waiting reader, and the worker, sleep before they look again, in seconds.
POLL, PAUSE = 0.5, 0.5
#: Requests of this process that may wait at the same time: the others need its threads.
PLACES = threading.BoundedSemaphore(settings.FEED_WAITERS)
#: Whether this process goes on serving: one that is asked to stop lets nobody wait.
keep_on: Callable[[], bool] = lambda: True  # noqa: E731


@contextmanager
def a_place(places: threading.BoundedSemaphore) -> Iterator[bool]:
    """Take one of some places for the length of the block; False where none is free."""
    taken = places.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            places.release()


def wait_for_news(behind: int, until: float) -> bool:
    """Wait until the feed has entries behind a position; no transaction is open meanwhile.

    Args:
        behind: the position.
        until: the moment of ``time.monotonic()`` at which to give up.

    Returns:
        True where there are entries, for whomever; False where the time is over.
    """
    while keep_on() and (left := until - time.monotonic()) > 0:
        time.sleep(min(POLL, left))
        tell(SMALL_BATCH)
        if Change.objects.last_position() > behind:
            return True
    return False


def keep_telling(stop: threading.Event) -> None:
    """Tell what waits, again and again, until ``stop`` is set: the part of a worker that never ends."""
    while not stop.wait(PAUSE):
        try:
            connection.close_if_unusable_or_obsolete()
            while tell() and not stop.is_set():
                pass
        except Error:
            logger.exception("What changed could not be told; this is tried again.")
            connection.close()
            stop.wait(5)
        except Exception:
            # A record that cannot be worded: what is behind it waits until somebody has seen to it.
            logger.exception("A change cannot be told; what comes after it waits.")
            stop.wait(30)
