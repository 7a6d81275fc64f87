"""Recording what a program sends: agreements with all their rows, and what they name.

Facts are plain data, checked for their shape and with references resolved to rows. A revision
writes only what differs: repeated without news, it leaves no trace in the history.
"""

from .agreements import revise_agreement
from .catalogue import record_entry, revise_entry
from .errors import Stale
from .many import MOST_FAULTS, Faults, each, record_agreement, record_agreements, remove_agreements
from .removing import Named, remove_agreement, remove_entry

__all__ = [
    "MOST_FAULTS",
    "Faults",
    "Named",
    "Stale",
    "each",
    "record_agreement",
    "record_agreements",
    "record_entry",
    "remove_agreement",
    "remove_agreements",
    "remove_entry",
    "revise_agreement",
    "revise_entry",
]
