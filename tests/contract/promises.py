"""A contract as a list of promises, and what a later one breaks of it.

A promise is what it is about, a rule, and a value. The rule says what a client may
count on, and so in which direction it may change:

* ``gives``: there is this; it may not go away.
* ``asks``: this is demanded or allowed to happen; nothing may be added to what a client knows already.
* ``most`` / ``least``: a limit of what is taken; it may only become wider.
* ``ends``: it is deprecated and may go after this day.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from partnerships.api.contract.references import operations, reached_from, resolved

_LIMITS = {
    "maxLength": "most", "maxItems": "most", "maximum": "most", "exclusiveMaximum": "most",
    "minLength": "least", "minItems": "least", "minimum": "least", "exclusiveMinimum": "least",
}  # fmt: skip
ROOT = "the API"
_BETWEEN = " · "


class Promise(NamedTuple):
    """One thing that a client may count on."""

    about: str
    rule: str
    value: str

    def __str__(self) -> str:
        return f"{self.about} | {self.rule} | {self.value}"


def parse(text: str) -> tuple[str, set[Promise]]:
    """Read a file of promises; return the version that gave them, and them."""
    found, about, version = set(), "", ""
    for line in text.splitlines():
        if line.startswith("version "):
            version = line.removeprefix("version ")
        elif line.startswith("  "):
            rule, _, values = line.strip().partition(": ")
            found |= {Promise(about, rule, value) for value in values.split(_BETWEEN)}
        elif line and not line.startswith("#"):
            about = line
    return version, found


def written(version: str, promises: Iterable[Promise]) -> str:
    """The text of a file of promises: what each is about, and below it a line a rule."""
    lines, last = [f"version {version}"], ""
    for (about, rule), group in groupby(sorted(promises), key=lambda one: one[:2]):
        lines += [about] if about != last else []
        lines.append(f"  {rule}: " + _BETWEEN.join(one.value for one in group))
        last = about
    return "\n".join(lines) + "\n"


# --- what is broken -------------------------------------------------------------------------------


def broken(released: set[Promise], now: set[Promise], today: date) -> list[str]:
    """Tell what of ``released`` does not hold any more, in words."""
    over = {one.about for one in released if one.rule == "ends" and date.fromisoformat(one.value) <= today}
    known = {one.about for one in released}
    found = [*_gone(released, now), *_demanded(released, now, known), *_narrower(released, now)]
    return [f"{promise}: {why}" for promise, why in sorted(found) if not _has_ended(promise, over)]


def added(released: set[Promise], now: set[Promise]) -> list[Promise]:
    """What a client may count on now and could not before."""
    return sorted(one for one in now - released if one.rule == "gives")


def _gone(released: set[Promise], now: set[Promise]) -> Iterator[tuple[Promise, str]]:
    schemas = {_schema(one) for one in now}
    for one in released - now:
        # A schema goes with the last operation that names it: whoever named it still is told of above.
        if one.rule == "gives" and _schema(one) in {"", *schemas}:
            yield one, "it is gone"


def _schema(promise: Promise) -> str:
    """The schema that a promise is about, ``sent Thing`` or ``answered Thing``; empty for an operation."""
    direction, _, rest = promise.about.partition(" ")
    name = re.match(r"\w+", rest)
    return f"{direction} {name.group()}" if direction in {"sent", "answered"} and name else ""


def _demanded(released: set[Promise], now: set[Promise], known: set[str]) -> Iterator[tuple[Promise, str]]:
    for one in now - released:
        if one.rule == "asks" and one.about in known:
            yield one, "it was not so before"


def _narrower(released: set[Promise], now: set[Promise]) -> Iterator[tuple[Promise, str]]:
    before = {(one.about, one.rule): float(one.value) for one in released if one.rule in _LIMITS.values()}
    known = {one.about for one in released}
    for one in now:
        if one.rule not in _LIMITS.values() or one.about not in known:
            continue
        limit = before.get((one.about, one.rule))
        less = limit is None or (float(one.value) < limit if one.rule == "most" else float(one.value) > limit)
        if less:
            yield one, f"the limit was {'none' if limit is None else f'{limit:g}'}"


def _has_ended(promise: Promise, over: set[str]) -> bool:
    """Whether it was announced that this goes, and the day has come; ``over`` names what went."""
    parts = (" ".join, ".".join) if promise.about != ROOT else (lambda part: part[1],)
    own = {promise.about, *(join((promise.about, promise.value)) for join in parts)}
    return bool(own & over) or any(promise.about.startswith((f"{one} ", f"{one}.")) for one in over)


# --- what is promised -----------------------------------------------------------------------------


def promises_of(document: dict) -> set[Promise]:
    """Everything that a description promises."""
    return set(_promises(document))


def _promises(document: dict) -> Iterator[Promise]:
    sent, answered = _directions(document)
    for path, method, operation in operations(document):
        yield from _of_operation(f"{method.upper()} {path}", document, operation)
    for name, schema in document["components"]["schemas"].items():
        if name in sent:
            yield from _of_sent(f"sent {name}", schema)
        if name in answered:
            yield from _of_answered(f"answered {name}", schema)


def _directions(document: dict) -> tuple[set[str], set[str]]:
    every = [operation for _, _, operation in operations(document)]
    asked = [
        [one.get("requestBody", {}), [parameter["schema"] for parameter in one.get("parameters", [])]]
        for one in every
    ]
    shared = document["components"].get("responses", {})
    answers = [[one["responses"] for one in every], shared]
    return reached_from(document, asked), reached_from(document, answers)


def _of_operation(name: str, document: dict, operation: dict) -> Iterator[Promise]:
    yield Promise(ROOT, "gives", name)
    yield Promise(name, "gives", f"operationId {operation['operationId']}")
    yield from _ending(name, operation)
    if {} in operation.get("security", [{}]):
        yield Promise(name, "gives", "answers to anybody")
    for parameter in operation.get("parameters", []):
        key = f"{name} {parameter['in']}:{parameter['name']}"
        yield Promise(name, "gives", f"{parameter['in']}:{parameter['name']}")
        if parameter.get("required"):
            yield Promise(name, "asks", f"{parameter['in']}:{parameter['name']}")
        yield Promise(key, "gives", f"explode {parameter.get('explode', True)}")
        yield from _ending(key, parameter)
        yield from _of_sent(key, _written_out(document, parameter["schema"]))
    body = operation.get("requestBody", {})
    if body.get("required"):
        yield Promise(name, "asks", "a body")
    for kind, content in body.get("content", {}).items():
        yield Promise(name, "gives", f"takes {kind}")
        yield from _of_sent(f"{name} takes {kind}", content["schema"])
    for code, answer in operation["responses"].items():
        yield Promise(name, "gives", f"answer {code}")
        # What went wrong is told in the same way everywhere; test_description.py sees to it.
        if code.startswith("2"):
            yield from _of_answer(f"{name} answer {code}", answer)


def _written_out(document: dict, schema: dict) -> dict:
    """A parameter's schema without names: a query string knows none."""
    if "items" in schema:
        return schema | {"items": _written_out(document, schema["items"])}
    return {key: value for key, value in resolved(document, schema).items() if key != "description"}


def _of_answer(name: str, answer: dict) -> Iterator[Promise]:
    yield from (Promise(name, "gives", f"header {header}") for header in answer.get("headers", {}))
    for kind, content in answer.get("content", {}).items():
        yield Promise(name, "gives", kind)
        yield from _of_answered(f"{name} {kind}", content.get("schema", {}))


def _of_sent(about: str, schema: dict) -> Iterator[Promise]:
    """What is taken: more may be taken later, and no more may be demanded."""
    if schema.get("readOnly"):
        return
    yield from (Promise(about, "gives", f"takes {word}") for word in _kinds(schema))
    if "enum" in schema:
        yield Promise(about, "asks", "one of a closed list")
    yield from _ending(about, schema)
    if "pattern" in schema:
        yield Promise(about, "asks", f"pattern {schema['pattern']}")
    for word, rule in _LIMITS.items():
        if word in schema:
            yield Promise(about, rule, f"{schema[word]:g}")
    for key in schema.get("required", []):
        yield Promise(about, "asks", key)
    for key, inner in schema.get("properties", {}).items():
        if not inner.get("readOnly"):
            yield Promise(about, "gives", key)
            yield from _of_sent(f"{about}.{key}", inner)
    if isinstance(schema.get("items"), dict):
        yield from _of_sent(f"{about}[]", schema["items"])


def _of_answered(about: str, schema: dict) -> Iterator[Promise]:
    """What is answered: what a reader knows stays, and comes in no kind that it does not know."""
    if schema.get("writeOnly"):
        return
    # A value more in a closed list is told in the change log; a reader must expect it.
    yield from (Promise(about, "asks", f"may be {word}") for word in _kinds(schema, values=False))
    yield from _ending(about, schema)
    for key in schema.get("required", []):
        yield Promise(about, "gives", f"always {key}")
    for key, inner in schema.get("properties", {}).items():
        yield Promise(about, "gives", key)
        yield from _of_answered(f"{about}.{key}", inner)
    if isinstance(schema.get("items"), dict):
        yield from _of_answered(f"{about}[]", schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _of_answered(f"{about}.*", schema["additionalProperties"])


def _kinds(schema: dict, *, values: bool = True) -> Iterator[str]:
    """The kinds of value of a schema: types with their formats, named schemas, values of closed lists."""
    if not {"$ref", "oneOf", "anyOf", "allOf", "type", "enum", "const"} & set(schema):
        yield "anything"
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    for word in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(word, []):
            yield from _kinds(inner, values=values)
    types = schema.get("type", [])
    for word in [types] if isinstance(types, str) else types:
        yield f"{word} ({schema['format']})" if "format" in schema and word != "null" else word
    if values:
        known = schema.get("enum", [schema["const"]] if "const" in schema else [])
        yield from (f"“{value}”" for value in known)


def _ending(about: str, part: dict) -> Iterator[Promise]:
    if part.get("deprecated") and part.get("x-sunset"):
        yield Promise(about, "ends", part["x-sunset"])
