"""Trees in the order in which one reads them."""

from collections import defaultdict
from collections.abc import Iterable


def in_tree_order(rows: Iterable) -> list[tuple]:
    """Return (row, depth) with every row below its parent; sisters stay in the order given.

    A row whose parent is not among ``rows`` (a visitor may not see it) stands at the root.
    """
    rows = list(rows)
    known = {row.pk for row in rows}
    children = defaultdict(list)
    for row in rows:
        children[row.parent_id if row.parent_id in known else None].append(row)
    ordered, waiting = [], [(row, 0) for row in reversed(children[None])]
    while waiting:
        row, depth = waiting.pop()
        ordered.append((row, depth))
        waiting += [(child, depth + 1) for child in reversed(children[row.pk])]
    return ordered


def path_to(row, rows: dict) -> list:
    """Return what stands above ``row``, from the root down, as far as it is among ``rows`` (by id)."""
    path = []
    while (row := rows.get(row.parent_id)) is not None:
        path.insert(0, row)
    return path
