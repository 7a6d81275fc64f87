"""Doing what waits: the texts of documents that nobody has read yet, or whose reading was cut off."""

import time

from partnerships.models import DocumentText

from .keeping import read_text

#: A run ends after so many seconds, so that other jobs have their turn; the rest waits for the next.
_RUN_SECONDS = 60


def texts_wait() -> bool:
    """Whether some text is still to be read."""
    return DocumentText.objects.waiting().exists()


def read_waiting_texts(*, seconds: float = _RUN_SECONDS) -> int:
    """Read the texts that wait, one after the other; return how many were read.

    Args:
        seconds: no text is begun later than this.
    """
    until = time.monotonic() + seconds
    behind: set[int] = set()
    while time.monotonic() < until:
        # Those that the store did not give stay behind for this time.
        waiting = (
            DocumentText.objects.waiting().exclude(document__in=behind).values_list("document", flat=True)
        )
        document = waiting.first()
        if document is None:
            break
        behind.add(document)
        read_text(document_id=document)
    return len(behind)
