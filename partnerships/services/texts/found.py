"""What reading a file comes to; known on both sides of the process."""

from typing import NamedTuple

DONE, EMPTY, ENCRYPTED, BROKEN, TOO_LARGE = "done", "empty", "encrypted", "broken", "too_large"


class Found(NamedTuple):
    """The text of a file, or why there is none.

    Args:
        state: a value of ``TextState`` other than ``waiting``.
        text: only with ``done``.
        message: what a person is told; empty where there is nothing to tell.
    """

    state: str
    text: str = ""
    message: str = ""


class Refused(Exception):
    """A reader's way to say why there is no text: carries a ``Found``."""

    def __init__(self, state: str, message: str):
        super().__init__(message)
        self.found = Found(state, message=message)
