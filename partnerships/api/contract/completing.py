"""A hook of drf-spectacular that completes the whole description, whichever view a part comes from."""

from partnerships.api.errors import PROBLEM_JSON

from . import conditions, examples, problems
from .references import names_below, operations, reached_from

#: What a tag is about, where the description of its resource does not say it.
TAGS = {"root": "Where the API begins.", "suggest": "Names that somebody may mean who is still typing."}
#: What stands in an address, where a record has more names than its id.
ADDRESSES = {
    "countries": "Code of ISO 3166-1, two letters.",
    "institutions": "Id, or a ROR id in any written form.",
    "partnerships": "Ids of both institutions, joined by a hyphen, in either order.",
    "people": "Id, or an ORCID iD in any written form.",
}
VERSION_HEADER = "API-Version"
_SHARED_HEADERS = {
    VERSION_HEADER: {
        "description": "The version of this contract: `info.version` of the description.",
        "required": True,
        "schema": {"type": "string"},
    },
}
#: Only where a request uses what will go.
_DEPRECATION = {
    "Deprecation": ("Since when something that was used is deprecated (RFC 9745).", "@1798761600"),
    "Sunset": ("From when on it may be gone (RFC 8594).", "Sat, 01 Jan 2028 00:00:00 GMT"),
    "Link": ('What explains it, as `rel="deprecation"`.', '</api/docs/>; rel="deprecation"'),
}
_SESSION = "The session of a member of staff who is signed in; writing needs the header `X-CSRFToken` too."


def complete(result: dict, generator, request, public) -> dict:
    """Fill in what every operation has in common. Called by drf-spectacular with its whole document."""
    parts = result["components"]
    version = {"example": result["info"]["version"]}
    parts["headers"] = {name: header | version for name, header in _SHARED_HEADERS.items()}
    parts["headers"] |= conditions.HEADERS
    answers = parts.setdefault("responses", {})
    shown = examples.recorded()
    for path, method, operation in operations(result):
        _tell(operation)
        conditions.describe(path, method, operation)
        _give_examples(operation, shown, parts["schemas"])
        _complete_answers(path, method, operation, answers)
    used = sorted(names_below(result["paths"], "examples"))
    parts["examples"] = {name: {"value": shown[name]} for name in used}
    parts["responses"] = dict(sorted(answers.items()))
    if "cookieAuth" in parts.get("securitySchemes", {}):
        parts["securitySchemes"]["cookieAuth"].setdefault("description", _SESSION)
    _name_lists(result)
    _drop_read_only(result)
    _describe_tags(result)
    result["components"] = dict(sorted(parts.items()))
    return result


def _tell(operation: dict) -> None:
    words = operation.get("description", "")
    operation.setdefault("summary", words.partition("\n")[0].partition(";")[0].rstrip("."))
    operation.setdefault("description", operation["summary"])


def _part_of_address(name: str) -> str:
    return "Id of the record." if name == "uid" else f"Part of the address: the {name.replace('_', ' ')}."


def _give_examples(operation: dict, shown: dict, schemas: dict) -> None:
    resource = operation["tags"][0]
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and not parameter.get("description"):
            parameter["description"] = ADDRESSES.get(resource, _part_of_address(parameter["name"]))
        if "example" not in parameter and "examples" not in parameter:
            example = examples.of_parameter(resource, parameter)
            if example is not None:
                parameter["example"] = example
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = schema_name(content)
        body = examples.of_body(name, resource)
        if body is None and name and not schemas[name].get("required"):
            # Nothing needs to be said.
            body = {}
        if body is not None and "examples" not in content:
            content.setdefault("example", body)
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json", {})
        name = schema_name(content) or (operation["operationId"] if content else None)
        if status.startswith("2") and name in shown and "examples" not in content:
            content["examples"] = {"demonstration": {"$ref": f"#/components/examples/{name}"}}


def schema_name(content: dict) -> str | None:
    """The name of the schema of a body; None where it has none."""
    return content.get("schema", {}).get("$ref", "").rpartition("/")[2] or None


def _complete_answers(path: str, method: str, operation: dict, shared: dict) -> None:
    answers = operation["responses"]
    for status in problems.ALWAYS:
        answers.setdefault(str(status), {"description": problems.MEANING[status]})
    for code, answer in answers.items():
        if code.startswith("2"):
            answer["description"] = answer.get("description") or "As asked."
            answer.setdefault("headers", {})[VERSION_HEADER] = {
                "$ref": f"#/components/headers/{VERSION_HEADER}"
            }
            if operation.get("x-deprecated-parts"):
                answer["headers"] |= problems.described(_DEPRECATION, required=False)
            if code == "201" and not path.endswith("/bulk/"):
                answer["headers"].setdefault("Location", _LOCATION)
        elif code[0] in "45":
            answers[code] = _problem(int(code), answer, shared)
    operation.pop("x-deprecated-parts", None)
    operation["responses"] = dict(sorted(answers.items()))


_LOCATION = {
    "description": "The address of the new record.",
    "required": True,
    "schema": {"type": "string", "format": "uri"},
}


def _problem(status: int, answer: dict, shared: dict) -> dict:
    description = answer.get("description") or problems.MEANING.get(status, "")
    given = answer.get("content", {}).get(PROBLEM_JSON, {})
    own = problems.answer(status, description)
    if schema_name(given) not in (None, "Problem") or "headers" in answer:
        return own | answer
    name = problems.name(status, description)
    if name is None:
        return own
    shared[name] = own
    return {"$ref": f"#/components/responses/{name}"}


def _name_lists(document: dict) -> None:
    """Let parameters name the closed list that they take, as bodies and records do."""
    schemas = document["components"]["schemas"]
    names = {tuple(one["enum"]): name for name, one in sorted(schemas.items()) if "enum" in one}
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            schema = parameter["schema"]
            name = names.get(tuple(schema.get("items", {}).get("enum", [None])))
            if name:
                schema["items"] = {"$ref": f"#/components/schemas/{name}"}


def _drop_read_only(document: dict) -> None:
    """Schemas that are only answered need not say that nobody can send them."""
    sent = reached_from(document, [one.get("requestBody", {}) for _, _, one in operations(document)])
    for name, schema in document["components"]["schemas"].items():
        if name not in sent:
            for prop in schema.get("properties", {}).values():
                prop.pop("readOnly", None)


def _describe_tags(document: dict) -> None:
    used = {one["tags"][0]: one for _, _, one in reversed([*operations(document)])}
    known = [tag["name"] for tag in document.get("tags", [])]
    names = [*(name for name in known if name in used), *sorted(set(used) - set(known))]
    document["tags"] = [
        {"name": name, "description": TAGS.get(name) or used[name]["description"].partition("\n")[0]}
        for name in names
    ]
