"""Requests made of the examples of the description, and the answers held against it."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from openapi_schema_validator import OAS31Validator, oas31_format_checker

from partnerships.api.contract.references import resolved
from tests.contract.served import Answer

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
#: Nothing that looks like one may stand in a description: leak scanners read it too.
_SECRETS = {
    re.compile(r"whsec_[A-Za-z0-9+/=]+"): "whsec_…",
    re.compile(r"\bent_[A-Za-z0-9]{6,}"): "ent_xKrpwq",
    re.compile(r'(?<=")(\d+)-[0-9a-f]{8}(?=")'): r"\1-8f0c2d11",
}
ADDRESS = "http://127.0.0.1:8000"


def example_of(document: dict, part: dict) -> Any:
    """The example of a parameter or a body, the first where there are several; None where there is none."""
    if "examples" in part:
        return resolved(document, next(iter(part["examples"].values())))["value"]
    return part.get("example")


def examples_of(document: dict, part: dict) -> list[Any]:
    """Every example of a parameter or a body."""
    if "examples" in part:
        return [resolved(document, one)["value"] for one in part["examples"].values()]
    return [part["example"]] if "example" in part else []


def written(parameters: list[dict], values: dict[str, Any]) -> str:
    """A query string of ``values``, each written as its parameter wants it."""
    pairs = []
    for parameter in parameters:
        value = values.get(parameter["name"])
        if value is None or parameter["in"] != "query":
            continue
        several = [_word(one) for one in (value if isinstance(value, list) else [value])]
        if parameter.get("explode", True):
            pairs += [(parameter["name"], one) for one in several]
        else:
            pairs.append((parameter["name"], ",".join(several)))
    return urlencode(pairs)


def address(path: str, parameters: list[dict], values: dict[str, Any]) -> str:
    """The path and the query of a request."""
    for name in re.findall(r"\{(\w+)\}", path):
        path = path.replace(f"{{{name}}}", quote(str(values[name]), safe=":"))
    query = written(parameters, values)
    return f"{path}?{query}" if query else path


def faults(document: dict, operation: dict, answer: Answer) -> list[str]:
    """What about an answer is not as the operation describes it; the validator is not ours."""
    described = operation["responses"].get(str(answer.status))
    if described is None:
        return [f"{answer.status} is not described: {answer.body[:300]!r}"]
    described = resolved(document, described)
    headers = {name: resolved(document, one) for name, one in described.get("headers", {}).items()}
    found = [
        f"the header {name} is missing"
        for name, one in headers.items()
        if one.get("required") and name.lower() not in answer.headers
    ]
    if "content" not in described:
        return found + ([f"a body where none is described: {answer.body[:100]!r}"] if answer.body else [])
    if answer.kind not in described["content"]:
        return [*found, f"{answer.kind} is not described for {answer.status}"]
    if answer.kind == "application/json" or answer.kind.endswith("+json"):
        schema = described["content"][answer.kind]["schema"]
        found += misfits(document, schema, answer.json)
    return found


def misfits(document: dict, schema: dict, value: Any) -> list[str]:
    """Where a value does not fit a schema of the description."""
    whole = schema | {"components": document["components"]}
    errors = OAS31Validator(whole, format_checker=oas31_format_checker).iter_errors(value)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]


def settled(value: Any, served_at: str) -> Any:
    """An answer without what differs from run to run: the port, secrets, the moments of recording."""
    text = json.dumps(value, ensure_ascii=False).replace(served_at, ADDRESS)
    for secret, shown in _SECRETS.items():
        text = secret.sub(shown, text)
    return json.loads(_MOMENT.sub("2026-01-15T09:00:00Z", text))


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
