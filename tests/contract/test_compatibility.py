"""A change that breaks a client fails here, unless it was announced and its day has come."""

import copy
from datetime import date

import pytest

from tests.contract.promises import Promise, added, broken, parse, promises_of, written
from tests.contract.release import contract

TODAY = date(2026, 6, 1)


def test_the_api_keeps_what_it_promised(description):
    released, promises = parse(contract(description["info"]["version"]).read_text())
    assert broken(promises, promises_of(description), date.today()) == [], "see docs/contract/README.md"
    assert released


def test_what_was_added_is_told_by_the_version(description):
    version = description["info"]["version"]
    released, promises = parse(contract(version).read_text())
    news = [str(promise) for promise in added(promises, promises_of(description))]
    numbers = [tuple(int(part) for part in one.split(".")) for one in (version, released)]
    assert not news or numbers[0][:2] > numbers[1][:2], f"raise the minor version above {released}"


# --- every rule is shown to fail ------------------------------------------------------------------

DOCUMENT = {
    "openapi": "3.1.1",
    "paths": {
        "/things/": {
            "get": {
                "operationId": "things_list",
                "security": [{"token": []}, {}],
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
                    {"name": "word", "in": "query", "schema": {"type": "string", "maxLength": 300}},
                ],
                "responses": {
                    "200": {
                        "headers": {"API-Version": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {"description": "None."},
                },
            },
            "post": {
                "operationId": "things_create",
                "security": [{"token": []}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingInput"}}},
                },
                "responses": {"201": {"description": "Made."}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "size": {"type": "integer"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "parts": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "ThingInput": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 100},
                    "size": {"type": ["integer", "null"], "minimum": 0},
                    "note": {"type": "string"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                },
            },
        }
    },
}
LIST, CREATE = ("paths", "/things/", "get"), ("paths", "/things/", "post")
PARAMETERS = (*LIST, "parameters")
THING = ("components", "schemas", "Thing")
INPUT = ("components", "schemas", "ThingInput")
KIND = ("components", "schemas", "Kind")
GONE = object()
NEEDED = {"name": "new", "in": "query", "required": True, "schema": {"type": "string"}}


def changed(*changes) -> dict:
    """The document with values put, or taken away, at places."""
    document = copy.deepcopy(DOCUMENT)
    for place, value in changes:
        part = document
        for step in place[:-1]:
            part = part[step]
        if value is GONE:
            del part[place[-1]]
        elif place[-1] == "+":
            part.append(value)
        else:
            part[place[-1]] = value
    return document


BREAKING = {
    "an operation goes": ((*LIST,), GONE),
    "an operation gets another name": ((*LIST, "operationId"), "list_things"),
    "a token is needed where none was": ((*LIST, "security"), [{"token": []}]),
    "a parameter goes": ((*PARAMETERS, 1), GONE),
    "a parameter becomes necessary": ((*PARAMETERS, 1, "required"), True),
    "a new parameter is necessary": ((*PARAMETERS, "+"), NEEDED),
    "a value of a parameter goes": ((*PARAMETERS, 0, "schema", "enum"), ["a"]),
    "a parameter takes only some values": ((*PARAMETERS, 1, "schema", "enum"), ["x"]),
    "a parameter takes another type": ((*PARAMETERS, 1, "schema", "type"), "integer"),
    "a parameter is written otherwise": ((*PARAMETERS, 1, "explode"), False),
    "a parameter takes less": ((*PARAMETERS, 1, "schema", "maxLength"), 200),
    "a parameter gets a pattern": ((*PARAMETERS, 1, "schema", "pattern"), "^x"),
    "an answer goes": ((*LIST, "responses", "404"), GONE),
    "a format goes": ((*LIST, "responses", "200", "content", "text/csv"), GONE),
    "a header goes": ((*LIST, "responses", "200", "headers"), {}),
    "a key of an answer goes": ((*THING, "properties", "size"), GONE),
    "a key of an answer is not always there": ((*THING, "required"), []),
    "an answer has another type": ((*THING, "properties", "size", "type"), "string"),
    "an answer may be null": ((*THING, "properties", "size", "type"), ["integer", "null"]),
    "what a list holds has another type": ((*THING, "properties", "parts", "items"), {"type": "integer"}),
    "a body becomes another": (
        (*CREATE, "requestBody", "content", "application/json", "schema"),
        {"$ref": "#/components/schemas/Thing"},
    ),
    "a key of a body goes": ((*INPUT, "properties", "note"), GONE),
    "a key of a body becomes necessary": ((*INPUT, "required"), ["name", "note"]),
    "a key of a body is not taken any more": ((*INPUT, "properties", "note", "readOnly"), True),
    "a key of a body may not be null": ((*INPUT, "properties", "size", "type"), "integer"),
    "a key of a body takes less": ((*INPUT, "properties", "name", "maxLength"), 50),
    "a key of a body gets a limit": ((*INPUT, "properties", "note", "maxLength"), 50),
    "a least value rises": ((*INPUT, "properties", "size", "minimum"), 1),
    "a value of a closed list of a body goes": ((*KIND, "enum"), ["a"]),
}
ALLOWED = {
    "a new parameter": ((*PARAMETERS, "+"), NEEDED | {"required": False}),
    "a parameter takes more": ((*PARAMETERS, 1, "schema", "maxLength"), 500),
    "a value more": ((*KIND, "enum"), ["a", "b", "c"]),
    "a new answer": ((*LIST, "responses", "410"), {"description": "Gone."}),
    "a new key of an answer, null or not": ((*THING, "properties", "new"), {"type": ["string", "null"]}),
    "a key of an answer that is always there": ((*THING, "required"), ["id", "size"]),
    "a new key of a body, with a limit": ((*INPUT, "properties", "new"), {"type": "string", "maxLength": 9}),
    "a body need not have a key": ((*INPUT, "required"), []),
    "a limit goes": ((*INPUT, "properties", "name", "maxLength"), GONE),
    "a body may be null": ((*INPUT, "properties", "note", "type"), ["string", "null"]),
    "other words": ((*LIST, "description"), "New."),
}


@pytest.mark.parametrize("name", BREAKING)
def test_it_breaks_clients(name):
    faults = broken(promises_of(DOCUMENT), promises_of(changed(BREAKING[name])), TODAY)
    assert faults, name


@pytest.mark.parametrize("name", ALLOWED)
def test_it_breaks_nobody(name):
    assert broken(promises_of(DOCUMENT), promises_of(changed(ALLOWED[name])), TODAY) == []


@pytest.mark.parametrize(
    ("marked", "gone"),
    [
        ((*LIST,), (*LIST,)),
        ((*PARAMETERS, 1), (*PARAMETERS, 1)),
        ((*THING, "properties", "size"), (*THING, "properties", "size")),
        ((*INPUT, "properties", "note"), (*INPUT, "properties", "note")),
    ],
)
def test_what_was_announced_may_go_when_its_day_has_come(marked, gone):
    announced = changed(((*marked, "deprecated"), True), ((*marked, "x-sunset"), "2026-05-31"))
    released, now = promises_of(announced), promises_of(changed((gone, GONE)))
    assert broken(released, now, date(2026, 5, 30)), "not before"
    assert broken(released, now, date(2026, 5, 31)) == []
    other = promises_of(changed((gone, GONE), ((*CREATE, "responses", "201"), GONE)))
    assert broken(released, other, TODAY), "and nothing else with it"


def test_a_file_of_promises_is_read_as_it_was_written():
    promises = promises_of(DOCUMENT)
    assert parse("# words\n" + written("1.2.3", promises)) == ("1.2.3", promises)
    assert Promise("the API", "gives", "GET /things/") in promises
