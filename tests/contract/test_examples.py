"""Every example of the description is asked and sent, and answered as described.

``ENTENTE_EXAMPLES=write`` records what is answered as the examples of the answers; read the diff.
"""

import json
import os

import pytest

from partnerships.api.contract import examples, problems
from partnerships.api.contract.completing import schema_name
from partnerships.api.contract.references import operations, resolved
from partnerships.api.errors import TooSlow
from tests.contract.asking import ADDRESS, address, example_of, examples_of, faults, misfits, settled
from tests.contract.served import Answer, Registry

#: What brings a new agreement to where an act is open. Reviewers are people: the token may only submit.
BEFORE = {
    "agreements_approve": ["submit"],
    "agreements_send_back": ["submit"],
    "agreements_publish": ["submit"],
    "agreements_withdraw": ["submit", "publish"],
}
# The copy that is served is one of the tests' database, so that must be there.
pytestmark = pytest.mark.django_db

RECORDING = os.environ.get("ENTENTE_EXAMPLES") == "write"


def reading(document: dict) -> list[tuple[str, dict]]:
    return [(path, one) for path, method, one in operations(document) if method == "get"]


def given(document: dict, operation: dict) -> dict:
    """The examples of the parameters that every request needs."""
    return {
        one["name"]: example_of(document, one)
        for one in operation.get("parameters", [])
        if one.get("required") or one["in"] == "path"
    }


def test_each_parameter_can_be_asked_as_its_example_shows(description, served):
    """Alone, beside what is required. An example of ours finds something: else it teaches nothing."""
    wrong = []
    for path, operation in reading(description):
        parameters, needed = operation.get("parameters", []), _readable(description, served, path, operation)
        for one in [None, *(one for one in parameters if one["in"] == "query")]:
            for value in examples_of(description, one) if one else [None]:
                values = needed | ({one["name"]: value} if one else {})
                asked = address(path, parameters, values)
                answer = served.ask("get", asked)
                found = faults(description, operation, answer)
                if answer.status != 200 or found:
                    wrong.append((asked, answer.status, found[:3], answer.body[:200]))
                elif one and chosen(operation, one) and b'"results":[]' in answer.body:
                    wrong.append((asked, "finds nothing"))
    assert not wrong


def chosen(operation: dict, parameter: dict) -> bool:
    """Whether somebody chose the example; others are derived from the schema, such as a first choice."""
    resource, name = operation["tags"][0], parameter["name"]
    return bool({name, f"{resource}.{name}"} & set(examples.PARAMETERS))


def _readable(document: dict, served: Registry, path: str, operation: dict) -> dict:
    """The examples of what a request needs; a new record where the demonstration has none of its kind."""
    values = given(document, operation)
    if "{" in path:
        asked = address(path, operation["parameters"], values)
        if served.ask("get", asked).status == 404:
            return _target(document, served, path, operation)
    return values


def main_request(document: dict, served: Registry, path: str, operation: dict) -> str:
    """The request whose answer stands in the description: of a list, one row with a few keys."""
    parameters = operation.get("parameters", [])
    values = _readable(document, served, path, operation)
    if "{" not in path:
        few = {one["name"]: example_of(document, one) for one in parameters if one["name"] == "fields"}
        size = {one["name"]: 1 for one in parameters if one["name"] in {"page_size", "limit"}}
        values |= few | size
    return address(path, parameters, values)


def test_the_answers_shown_are_those_that_come(description, served):
    """A record is answered exactly as shown; of a list that grows, the form is that of the example."""
    shown, wrong = dict(examples.recorded()), []
    for path, operation in reading(description):
        content = operation["responses"]["200"].get("content", {}).get("application/json")
        if content is None:
            continue
        asked = main_request(description, served, path, operation)
        answer = served.ask("get", asked, token=None if {} in operation["security"] else "all")
        assert answer.status == 200, (asked, answer.body[:300])
        value = settled(answer.json, served.address)
        name = schema_name(content) or operation["operationId"]
        if RECORDING:
            shown[name] = value
        elif set(shown.get(name, ())) != set(value) or ("{" in path and shown[name] != value):
            wrong.append(asked)
    assert not wrong, "run this with ENTENTE_EXAMPLES=write and read the diff"
    if RECORDING:
        _record(shown)


def test_examples_of_answers_fit_their_schemas(description):
    wrong = []
    for _, _, operation in operations(description):
        for code, answer in operation["responses"].items():
            for content in resolved(description, answer).get("content", {}).values():
                for value in examples_of(description, content):
                    found = misfits(description, content["schema"], value)
                    wrong += [(operation["operationId"], code, one) for one in found]
    assert not wrong


def test_each_body_can_be_sent_as_its_example_shows(description, served):
    """New records are made from the example of their list; what changes or ends one gets one of these."""
    shown, wrong = dict(examples.recorded()), []
    writing = [one for one in operations(description) if one[1] != "get"]
    for path, method, operation in sorted(writing, key=lambda one: (one[0].count("{"), one[1] == "delete")):
        for body in _bodies(description, operation):
            values = _target(description, served, path, operation)
            parameters = operation.get("parameters", [])
            token = "staff" if operation["operationId"] in BEFORE else "all"
            answer = served.ask(method, address(path, parameters, values), body, token)
            found = faults(description, operation, answer)
            if answer.status >= 300 or found:
                wrong.append((method, path, answer.status, found[:3], answer.body[:300]))
            elif RECORDING:
                content = resolved(description, operation["responses"][str(answer.status)]).get("content", {})
                name = schema_name(content.get("application/json", {})) or operation["operationId"]
                if content and name not in shown:
                    shown[name] = settled(answer.json, served.address)
    assert not wrong
    if RECORDING:
        _record(shown)


def _bodies(document: dict, operation: dict) -> list:
    content = operation.get("requestBody", {}).get("content", {})
    return [value for one in content.values() for value in examples_of(document, one)] or [None]


def _target(document: dict, served: Registry, path: str, operation: dict) -> dict:
    """The examples of the parameters, with a fresh record in the place of the one that others read."""
    values = given(document, operation)
    collection, brace, _ = path.partition("{")
    creating = document["paths"].get(collection, {}).get("post")
    if brace and creating and "requestBody" in creating:
        body = _bodies(document, creating)[0] | {"reason": "For an example"}
        for name in {"name", "title"} & set(body):
            body[name] += f" for {operation['operationId']}"
        made = served.ask("post", collection, body)
        assert made.status == 201, (collection, made.body[:300])
        name = path[len(collection) :].partition("}")[0].strip("{}")
        values[name] = made.json["id"]
        for act in BEFORE.get(operation["operationId"], ()):
            reached = served.ask("post", f"{collection}{values[name]}/{act}/", {}, "staff")
            assert reached.status == 200, reached.body[:300]
    return values


def _record(shown: dict) -> None:
    examples.RECORDED.write_text(json.dumps(dict(sorted(shown.items())), ensure_ascii=False, indent=1) + "\n")


# --- problems -------------------------------------------------------------------------------------


def provoke(served: Registry, status: int) -> Answer:
    """Make the registry answer ``status``."""
    agreements = "/api/v1/agreements/"
    record = f"{agreements}53kk4556g6/"
    requests = {
        400: ("get", f"{agreements}?bogus=1", None, None, {}),
        401: ("get", agreements, None, "ent_unknown", {}),
        403: ("post", agreements, examples.BODIES["AgreementInput"], "read:public", {}),
        404: ("get", f"{agreements}2222222222/", None, None, {}),
        405: ("put", "/api/v1/countries/", {}, "all", {}),
        406: ("get", agreements, None, None, {"Accept": "image/png"}),
        409: ("patch", record, {"updated_at": "2020-01-01T00:00:00Z"}, "all", {}),
        410: ("get", f"{agreements}{served.uids['withdrawn']}/", None, None, {}),
        413: ("post", agreements, b'{"title": "' + b"x" * 3_000_000 + b'"}', "all", {}),
        415: ("post", agreements, b"{}", "all", {"Content-Type": "text/plain"}),
    }
    method, path, body, token, headers = requests[status]
    return served.ask(method, path, body, token, **headers)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 413, 415])
def test_each_problem_is_told_as_its_example_shows(served, description, status):
    answer = provoke(served, status)
    assert answer.status == status, answer.body[:300]
    assert answer.kind == "application/problem+json"
    assert answer.json == problems.example(status)
    told = problems.headers(status)
    assert {name.lower() for name in told} <= set(answer.headers)
    assert misfits(description, problems.SCHEMA, answer.json) == []
    shown = description["components"]["responses"]
    assert problems.example(status) in [
        content["example"] for one in shown.values() for content in one["content"].values()
    ]


def test_a_question_that_takes_too_long_is_told_as_its_example_shows():
    """Provoked in tests/config/test_serve.py, where a table is locked."""
    assert problems.example(503)["detail"] == TooSlow.default_detail


def test_addresses_in_examples_are_those_of_the_documentation(description):
    assert ADDRESS in json.dumps(examples.recorded())
