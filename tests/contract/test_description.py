"""The description leaves nothing out, of whichever resource."""

import re

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from partnerships.api.contract import problems
from partnerships.api.contract.references import operations, resolved
from partnerships.api.errors import PROBLEM_JSON


@pytest.fixture
def found(description) -> list[tuple[str, dict]]:
    """Every operation with its name for messages."""
    return [(f"{method.upper()} {path}", one) for path, method, one in operations(description)]


def test_it_is_valid(description):
    assert description["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_every_operation_says_what_it_does(found):
    silent = [name for name, one in found if not one.get("summary") or not one.get("description")]
    assert not silent
    wordy = [name for name, one in found if len(one["summary"]) > 90]
    assert not wordy, "a summary is a line"


def test_operations_have_names_that_a_client_can_bear(found):
    names = [one["operationId"] for _, one in found]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []
    acts = [one["operationId"] for name, one in found if name.startswith("POST") and "{" in name]
    assert [name for name in acts if name.endswith("_create")] == [], "name it by what it does"


def test_every_tag_is_described(description, found):
    tags = {tag["name"]: tag["description"] for tag in description["tags"]}
    assert all(tags.values())
    assert {tag for _, one in found for tag in one["tags"]} == set(tags)


def test_every_parameter_has_words_and_an_example(found):
    parameters = [(name, one) for name, operation in found for one in operation.get("parameters", [])]
    assert [f"{name} {one['name']}" for name, one in parameters if not one.get("description")] == []
    without = [f"{name} {one['name']}" for name, one in parameters if not {"example", "examples"} & set(one)]
    assert not without, "give it an example in partnerships/api/contract/examples.py or with its schema"


def test_every_body_has_an_example(found):
    bodies = [(name, one["requestBody"]) for name, one in found if "requestBody" in one]
    without = [
        name
        for name, body in bodies
        for content in body["content"].values()
        if not {"example", "examples"} & set(content)
    ]
    assert not without, "give it an example in partnerships/api/contract/examples.py"


def test_every_answer_has_words_a_schema_and_an_example(description, found):
    for name, operation in found:
        for code, answer in operation["responses"].items():
            answer = resolved(description, answer)
            assert answer.get("description"), (name, code)
            if code[0] in "45":
                [(kind, content)] = answer["content"].items()
                assert kind == PROBLEM_JSON, (name, code)
                assert {"schema", "example"} <= set(content), (name, code)
            json = answer.get("content", {}).get("application/json")
            assert json is None or "examples" in json or "example" in json, (name, code, "has no example")


def test_every_operation_tells_its_problems(description, found):
    for name, operation in found:
        assert {str(code) for code in problems.ALWAYS} <= set(operation["responses"]), name
        if name.startswith("GET"):
            assert {} in operation["security"] or "401" in operation["responses"], name
        else:
            assert {"403", "413", "415"} <= set(operation["responses"]), name
            assert {} not in operation["security"], (name, "only reading needs no credentials")
    paths = description["paths"]
    gone = resolved(description, paths["/api/v1/agreements/{uid}/"]["get"]["responses"]["410"])
    assert gone["content"][PROBLEM_JSON]["example"]["status"] == 410


def test_ways_to_prove_who_one_is_are_explained(description):
    schemes = description["components"]["securitySchemes"]
    assert [name for name, one in schemes.items() if not one.get("description")] == []


def test_closed_lists_have_names(description):
    schemas = description["components"]["schemas"]
    assert [name for name in schemas if name.endswith("Enum")] == []
    inline = [
        f"{name}.{key}"
        for name, schema in schemas.items()
        for key, prop in schema.get("properties", {}).items()
        if len(prop.get("enum", [])) > 1
    ]
    assert not inline, "add them to ENUM_NAME_OVERRIDES"


def test_nothing_is_described_that_nobody_uses(description):
    text = yaml.safe_dump(description)
    for kind in ("schemas", "responses", "examples"):
        unused = [
            name for name in description["components"][kind] if f"#/components/{kind}/{name}" not in text
        ]
        assert not unused, kind
