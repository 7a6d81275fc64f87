"""The life of an agreement as acts, each a verb of its own (``acts.ACTS``)."""

from .acts import ACTS, EDITORIAL, Act, Group, open_acts
from .amending import amend
from .copying import duplicate, renew
from .signing import record_signature
from .superseding import candidates, supersede
from .terms import extend, last_term, terminate

__all__ = [
    "ACTS",
    "EDITORIAL",
    "Act",
    "Group",
    "amend",
    "candidates",
    "duplicate",
    "extend",
    "last_term",
    "open_acts",
    "record_signature",
    "renew",
    "supersede",
    "terminate",
]
