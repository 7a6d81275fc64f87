"""Importing spreadsheets: file → columns → dry run → one transaction → undo.

``acts`` is what a person does; each leaves the work to a job (``working``), which brings the import
to where a person is asked again.
"""

from .acts import (
    choose_institutions,
    choose_mapping,
    discard_import,
    fitting_profiles,
    receive_upload,
    run_import,
    undo_import,
)
from .mapping import Mapping, order_is_open, order_seen

__all__ = [
    "Mapping",
    "choose_institutions",
    "choose_mapping",
    "discard_import",
    "fitting_profiles",
    "order_is_open",
    "order_seen",
    "receive_upload",
    "run_import",
    "undo_import",
]
