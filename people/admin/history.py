"""The history of a record."""


class HistoryPages:
    """Mixin of a model admin."""

    #: What belongs to a record beside its inlines, by the name of the relation.
    history_of: tuple[str, ...] = ()

    def changes_since(self, request, record, since) -> str:
        """What to tell somebody whose form stood open while the record changed."""
        return "This record changed since you opened it."
