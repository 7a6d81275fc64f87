"""Help for migrations with very many operations."""

from collections.abc import Sequence

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Operations of one migration whose models are drawn once, not once for each of them.

    Django draws all models that touch a changed one anew after every operation; with a hundred
    operations on a graph of a hundred models that takes a minute. None of these operations may need
    a state in between: no column is added and changed, no table made and renamed.

    Args:
        operations: in the order in which the database does them.
    """

    def __init__(self, operations: Sequence[Operation]):
        self.operations = list(operations)

    @property
    def reversible(self) -> bool:
        return all(operation.reversible for operation in self.operations)

    def deconstruct(self):
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label, state) -> None:
        # Models that were drawn already would be drawn anew by every operation.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations at once"
