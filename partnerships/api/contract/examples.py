"""What the examples of the description ask and send. A test asks and sends each of them of a running server.

They name records of the demonstration, whose ids are the same in every registry that loaded it.
"""

import json
import re
from pathlib import Path

#: What the server answered to them, by the name of the schema: ``ENTENTE_EXAMPLES=write`` writes it anew.
RECORDED = Path(__file__).with_name("recorded.json")

TURING, KAIST = "035dkdb55", "05apxxy63"
#: Of a parameter, by name; a resource may have its own as ``resource.name``.
PARAMETERS = {
    "agreement": ["53kk4556g6"],
    "country": ["KR"],
    "cursor": "",
    "event": ["r93rpj8zp8"],
    "focus_area": ["rkq535xdtn"],
    "institution": [KAIST],
    "institutions.parent": [KAIST],
    "institutions.uid": KAIST,
    "countries.q": "korea",
    "events.country": ["SG"],
    "events.q": "summit",
    "focus-areas.parent": ["vdvsvw3cc8"],
    "focus-areas.q": "intelligence",
    "focus-areas.uid": "rkq535xdtn",
    "agreements.uid": "53kk4556g6",
    "partnership": [f"{TURING}-{KAIST}"],
    "partnerships.uid": f"{TURING}-{KAIST}",
    "people.q": "donelan",
    "people.uid": "pjr6tvrmvp",
    "activities.uid": "tdgzbnsb6f",
    "events.uid": "r93rpj8zp8",
    "sources.uid": "tm38jccwfg",
    "documents.uid": "dcmnt22222",
    "countries.uid": "KR",
    "omit": ["html_url"],
    "sources.q": "kaist",
    "page": 1,
    "page_size": 10,
    "person": ["pjr6tvrmvp"],
    "q": "kaist",
    "updated_since": "2024-05-21T09:00:00Z",
    "together": ["GB,KR"],
    "within": ["SG"],
    "year": ["2024"],
    "end_year": ["2027"],
    # Names that other systems have for records.
    "agreements.system": "cris",
    "agreements.value": "2024/17",
    "institutions.system": "ror",
    "institutions.value": KAIST,
    "people.system": "orcid",
    "people.value": "0000-0002-1825-0097",
    "institutions.id": KAIST,
    "institutions.name": "Korea Advanced Institute of Science and Technology",
    "institutions.ror_id": f"https://ror.org/{KAIST}",
    "institutions.website": "https://www.kaist.ac.kr/",
    "changes.after": "",
    # The demonstration has none: whoever tries these makes one first.
    "webhooks.uid": "whk2222222",
    "webhooks.message": "msg_whk2222222_1",
    "reason": "Recorded by mistake",
    "Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}
_REASON = "Taken over from our own register"
#: Of a body, by the name of its schema.
BODIES = {
    "AgreementInput": {
        "title": "Letter of intent on the exchange of students",
        "type": "letter_of_intent",
        "signed_on": "2024-05",
        "parties": [{"institution": f"https://ror.org/{TURING}"}, {"institution": KAIST}],
        "activities": [{"kind": "student_exchange", "direction": "both", "quota": 4}],
        "sources": [{"id": "s1", "title": "News of the institute", "supports": ["parties", "signed_on"]}],
        "reason": _REASON,
    },
    "PatchedAgreementInput": {"signed_on": "2024-05-21", "reason": "The day stands in the signed document"},
    "InstitutionInput": {
        "name": "Institute of Worked Examples",
        "types": ["nonprofit"],
        "country": "KR",
        "names": [{"value": "IWE", "kind": "acronym"}],
        "reason": _REASON,
    },
    "PatchedInstitutionInput": {"website": "https://example.org/", "reason": "Their own page"},
    "PersonInput": {
        "name": "Kim Ye-si",
        "names": [{"value": "김예시", "kind": "native", "language": "ko"}],
        "reason": _REASON,
    },
    "PatchedPersonInput": {"names": [{"value": "Kim Yesi", "language": "en"}], "reason": "They told us"},
    "EventInput": {"name": "Summit of Worked Examples", "starts_on": "2024-05", "country": "KR"},
    "PatchedEventInput": {"starts_on": "2024-05-21", "place": "Seoul"},
    "FocusAreaInput": {
        "name": "Worked examples",
        "mappings": [{"scheme": "local", "code": "WE", "label": "Worked examples"}],
    },
    "PatchedFocusAreaInput": {"description": "Examples that are tried before they are shown."},
    # In a form: what stands at “file” is what the file holds.
    "DocumentInput": {"agreement": "53kk4556g6", "file": "What was agreed", "title": "The signed text"},
    "PatchedDocumentInput": {"version": "2", "reason": "As printed on its first page"},
    "ActInput": {"reason": "Checked against the signed document"},
    "RemovalInput": {"reason": "Recorded by mistake"},
    "NamesInput": {"items": [{"name": "카이스트", "country": "KR"}, {"ror_id": TURING}], "limit": 3},
    "WebhookInput": {"name": "Website", "address": "https://example.org/hook", "resources": ["agreements"]},
    "PatchedWebhookChangeInput": {"active": False},
    "RotateInput": {"overlap_hours": 48},
}
#: A record that a change of many names, by what it is.
_CHANGED = {
    "Agreement": "agreements", "Institution": "institutions", "Person": "people", "Event": "events",
    "FocusArea": "focus-areas",
}  # fmt: skip
_MANY = re.compile(r"(?:Patched)?Many(Changed)?(\w+)Input")


def of_parameter(resource: str, parameter: dict):
    """The example of a parameter; None where neither this module nor the schema has one."""
    name = parameter["name"]
    for key in (f"{resource}.{name}", name):
        if key in PARAMETERS and _fits(PARAMETERS[key], parameter["schema"]):
            return _shaped(PARAMETERS[key], parameter["schema"])
    return _from_schema(name, parameter["schema"])


def of_body(name: str | None, resource: str) -> dict | None:
    """The example of a body with the schema ``name``; None where there is none."""
    if name == "ManyRemovedInput":
        return {
            "items": [{"id": PARAMETERS.get(f"{resource}.uid", "2222222222")}],
            "reason": "Recorded by mistake",
        }
    if name and (many := _MANY.fullmatch(name)) and many[2] in _CHANGED:
        changed, kind = many.groups()
        single = dict(BODIES[f"Patched{kind}Input" if changed else f"{kind}Input"])
        reason = single.pop("reason", _REASON)
        own = {"id": PARAMETERS[f"{_CHANGED[kind]}.uid"]} if changed else {}
        return {"items": [own | single], "reason": reason}
    return BODIES.get(name)


def recorded() -> dict:
    """The answers that were recorded, by the name of their schema."""
    return json.loads(RECORDED.read_text()) if RECORDED.exists() else {}


def _shaped(value, schema: dict):
    return value[0] if isinstance(value, list) and schema.get("type") != "array" else value


def _fits(value, schema: dict) -> bool:
    items = schema.get("items", {}) if schema.get("type") == "array" else schema
    values = value if isinstance(value, list) else [value]
    return "enum" not in items or all(one in items["enum"] for one in values)


def _from_schema(name: str, schema: dict):
    if schema.get("type") == "array":
        found = _from_schema(name, schema.get("items", {}))
        known = schema.get("items", {}).get("enum", [])
        if name == "fields":
            return [key for key in ("id", "title", "name") if key in known] or known[:2]
        return None if found is None else [found]
    if schema.get("examples"):
        return schema["examples"][0]
    if "default" in schema or "enum" in schema or "const" in schema:
        return schema.get("default", schema.get("const", schema.get("enum", [None])[0]))
    return {"boolean": True, "integer": schema.get("minimum", 1)}.get(schema.get("type"))
