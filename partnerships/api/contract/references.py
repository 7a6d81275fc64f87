"""Finding one's way through a description: its operations, and what ``$ref`` names."""

from collections.abc import Iterator


def operations(document: dict) -> Iterator[tuple[str, str, dict]]:
    """Every operation of a description, as path, method and the operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, method, operation


def resolved(document: dict, part: dict) -> dict:
    """``part``, or what it refers to."""
    while "$ref" in part:
        inner = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            inner = inner[step]
        part = inner
    return part


def names_below(part, kind: str) -> set[str]:
    """The names of the components of ``kind`` that ``part`` refers to, without following them.

    Args:
        kind: ``schemas``, ``examples``, …
    """
    mark = f"#/components/{kind}/"
    return {ref.removeprefix(mark) for ref in _references(part) if ref.startswith(mark)}


def reached_from(document: dict, part) -> set[str]:
    """The names of the schemas that ``part`` refers to, directly or through others."""
    schemas = document["components"]["schemas"]
    found, waiting = set(), names_below(part, "schemas")
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= names_below(schemas.get(name, {}), "schemas") - found
    return found


def _references(part) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)
