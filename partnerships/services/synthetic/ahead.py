"""Making the next rows while the database still takes the last ones."""

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any

_LAST = object()


def ahead(items: Iterable[Any], most: int = 2) -> Iterator[Any]:
    """Yield ``items``, made in a thread that is at most ``most`` of them ahead.

    An error while making them is raised here; a caller who stops early stops the thread too.
    """
    made: queue.Queue = queue.Queue(most)
    stopped = threading.Event()

    def hand_over(item) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                made.put(item, timeout=0.5)
                break

    def make() -> None:
        try:
            for item in items:
                if stopped.is_set():
                    return
                hand_over(item)
            hand_over(_LAST)
        except BaseException as error:
            # Raised again where the items are taken.
            hand_over(error)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not _LAST:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()
