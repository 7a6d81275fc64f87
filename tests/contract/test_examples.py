"""Every example of the description is asked and sent, and answered as described.

``ENTENTE_EXAMPLES=write`` records what is answered as the examples of the answers; read the diff.
"""

import json
import os
from functools import reduce

import pytest

from partnerships.api.contract import examples, problems
from partnerships.api.contract.completing import schema_name
from partnerships.api.contract.references import operations, resolved
from partnerships.api.errors import TooSlow
from partnerships.api.preconditions import PreconditionRequired
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

#: Keys that stand in answers to those alone who work on records, or who ask for them.
MAYBE = {"publication_state", "office", "withdrawal_reason"}
#: What a question needs besides the parameter that is tried: one of several, which no schema can say.
BESIDE = {"institutions_match": {"name": "Korea Advanced Institute of Science and Technology"}}

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
                beside = BESIDE.get(operation["operationId"], {})
                values = needed | beside | ({one["name"]: value} if one else {})
                asked = address(path, parameters, values)
                answer = served.ask("get", asked)
                found = faults(description, operation, answer)
                if answer.status != 200 or found:
                    wrong.append((asked, answer.status, found[:3], answer.body[:200]))
                elif one and chosen(operation, one) and b'"results":[]' in answer.body:
                    wrong.append((asked, "finds nothing"))
    assert not wrong


#: The demonstration knows the end of no agreement: nothing is invented, for an example neither.
NOT_SHOWN = {"end_year"}


def chosen(operation: dict, parameter: dict) -> bool:
    """Whether somebody chose the example; others are derived from the schema, such as a first choice."""
    resource, name = operation["tags"][0], parameter["name"]
    if name in NOT_SHOWN:
        return False
    return bool({name, f"{resource}.{name}"} & set(examples.PARAMETERS))


def _readable(document: dict, served: Registry, path: str, operation: dict) -> dict:
    """The examples of what a request needs; a new record where the demonstration has none of its kind."""
    values = given(document, operation)
    if "{" in path:
        asked = address(path, operation["parameters"], values)
        token = None if {} in operation["security"] else "all"
        if served.ask("get", asked, token=token).status == 404:
            return _target(document, served, path, operation)
    return values


def main_request(document: dict, served: Registry, path: str, operation: dict) -> tuple[str, bool]:
    """The request whose answer stands in the description, and whether a record had to be made for it.

    Of a list, one row with a few keys.
    """
    parameters = operation.get("parameters", [])
    values = _readable(document, served, path, operation)
    if "{" not in path:
        few = {one["name"]: example_of(document, one) for one in parameters if one["name"] == "fields"}
        size = {one["name"]: 1 for one in parameters if one["name"] in {"page_size", "limit"}}
        values |= few | size | BESIDE.get(operation["operationId"], {})
    return address(path, parameters, values), any(
        values[name] != one for name, one in given(document, operation).items()
    )


def test_the_answers_shown_are_those_that_come(description, served):
    """A record is answered exactly as shown; of a list that grows, the form is that of the example."""
    shown, wrong = dict(examples.recorded()), []
    for path, operation in reading(description):
        content = operation["responses"]["200"].get("content", {}).get("application/json")
        if content is None:
            continue
        asked, is_fresh = main_request(description, served, path, operation)
        answer = served.ask(
            "get", asked, token=None if {} in operation["security"] and not is_fresh else "all"
        )
        assert answer.status == 200, (asked, answer.body[:300])
        value = settled(answer.json, served.address)
        name = schema_name(content) or operation["operationId"]
        lasts = "{" in path and not is_fresh and operation["tags"][0] != "webhooks"
        if RECORDING and not is_fresh:
            shown[name] = value
        elif not RECORDING and (
            set(shown.get(name, ())) - MAYBE != set(value) - MAYBE or (lasts and shown[name] != value)
        ):
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
            body = _about_fresh(description, served, path, body, operation)
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
    if "message" in values:
        return values
    name = operation["operationId"]
    if "{value}" in path:
        collection = path.partition("by/")[0]
        values |= dict(zip(("system", "value"), _fresh_name(operation["tags"][0], name), strict=True))
        made = served.ask("put", address(path, [], values), _new(document, collection, name))
        assert made.status in {200, 201}, (path, made.body[:300])
        return values
    collection, brace, _ = path.partition("{")
    creating = document["paths"].get(collection, {}).get("post")
    if brace and creating and "requestBody" in creating:
        key = path[len(collection) :].partition("}")[0].strip("{}")
        values[key] = _made(document, served, collection, name)
        for act in BEFORE.get(name, ()):
            reached = served.ask("post", f"{collection}{values[key]}/{act}/", {}, "staff")
            assert reached.status == 200, reached.body[:300]
    return values


def _new(document: dict, collection: str, wanted_by: str) -> dict:
    """The body of a record that is told apart from the example's by who wants it."""
    body = dict(_bodies(document, document["paths"][collection]["post"])[0])
    if "address" in body:
        # Nobody is there, and nobody else is bothered.
        return body | {"address": "https://hook.invalid/"}
    return _named_for(wanted_by, body) | {"reason": "For an example"}


def _named_for(wanted_by: str, body: dict) -> dict:
    return body | {name: f"{body[name]} for {wanted_by}" for name in {"name", "title"} & set(body)}


def _made(document: dict, served: Registry, collection: str, wanted_by: str) -> str:
    """The id of a new record of a list."""
    made = served.ask("post", collection, _new(document, collection, wanted_by))
    assert made.status == 201, (collection, made.body[:300])
    return made.json["id"]


def _fresh_name(resource: str, wanted_by: str) -> tuple[str, str]:
    """A name of another system that no record has yet."""
    number = sum(wanted_by.encode()) * 1_000 + len(wanted_by)
    if resource == "people":
        digits = f"{150_000_000_000_000 + number:015d}"
        rest = (12 - reduce(lambda total, one: (total + int(one)) * 2, digits, 0) % 11) % 11
        digits += "X" if rest == 10 else str(rest)
        return "orcid", "-".join(digits[place : place + 4] for place in (0, 4, 8, 12))
    return {"institutions": ("grid", f"grid.{number}.1")}.get(resource, ("cris", f"2024/{number}"))


def _about_fresh(document: dict, served: Registry, path: str, body, operation: dict):
    """A body about many, with fresh records in the place of those that others read or made."""
    name, collection = operation["operationId"], path.removesuffix("bulk/")
    if collection == path:
        return body
    if "id" not in body["items"][0]:
        return body | {"items": [_named_for(name, one) for one in body["items"]]}
    return body | {
        "items": [one | {"id": _made(document, served, collection, name)} for one in body["items"]]
    }


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
        412: ("patch", record, {}, "all", {"If-Match": '"0"'}),
        410: ("get", f"{agreements}{served.uids['withdrawn']}/", None, None, {}),
        413: ("post", agreements, b'{"title": "' + b"x" * 3_000_000 + b'"}', "all", {}),
        422: ("patch", record, {"reason": "Again"}, "all", {"Idempotency-Key": "once"}),
        415: ("post", agreements, b"{}", "all", {"Content-Type": "text/plain"}),
    }
    if status == 422:
        served.ask("patch", record, {}, "all", **{"Idempotency-Key": "once"})
    method, path, body, token, headers = requests[status]
    return served.ask(method, path, body, token, **headers)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422])
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


def test_what_the_settings_decide_is_told_as_its_example_shows(description):
    """Provoked in tests/partnerships/api/test_preconditions.py and test_rate_limits.py."""
    shown = description["components"]["responses"]
    for name, status in {"PreconditionRequired": 428, "TooManyRequests": 429}.items():
        [content] = shown[name]["content"].values()
        assert content["example"] == problems.example(status)
        assert misfits(description, problems.SCHEMA, content["example"]) == []
    assert problems.example(428)["detail"] == PreconditionRequired.default_detail


def test_a_question_that_takes_too_long_is_told_as_its_example_shows():
    """Provoked in tests/config/test_serve.py, where a table is locked."""
    assert problems.example(503)["detail"] == TooSlow.default_detail


def test_addresses_in_examples_are_those_of_the_documentation(description):
    assert ADDRESS in json.dumps(examples.recorded())
