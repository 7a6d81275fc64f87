"""The id of the request being answered, for log lines and history."""

import logging
import re
import uuid
from contextvars import ContextVar

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
current_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id_from(header: str | None) -> str:
    """Return the id that a proxy sent, when it is one, or a new one.

    A header is text from a stranger: only short plain ids are taken over, so that nobody writes
    lines into the log or the history.
    """
    if header and _SANE.fullmatch(header):
        return header
    return uuid.uuid4().hex


class RequestIdFilter(logging.Filter):
    """Adds ``request_id`` to every record that is written while a request is answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        request_id = current_request_id.get()
        if request_id and not hasattr(record, "request_id"):
            record.request_id = request_id
        return True
