"""The rich format: everything that the JSON record says, except what changes with the calendar.

``agreement.xsd`` describes it. What no source states is left out; dates are as exact as they are known.
"""

from lxml import etree

from partnerships.standards.xml import Namespace

NAMESPACE = Namespace("tag:entente,2026:agreement:1")
_add, _known = NAMESPACE.add, NAMESPACE.add_known


def whole_record(record: dict, location: str) -> etree._Element:
    """Return a record as an element.

    Args:
        location: where the schema stands.
    """
    root = NAMESPACE.root("agreement", location)
    root.set("id", record["id"])
    root.set("href", record["html_url"])
    _facts(root, record)
    _terms(root, record)
    _people_and_parties(root, record)
    _contents(root, record)
    _evidence(root, record)
    return root


def _facts(root: etree._Element, record: dict) -> None:
    _add(root, "title", record["title"])
    _add(root, "type", record["type"])
    _known(root, "summary", record["summary"])
    for language in record["languages"]:
        _add(root, "language", language)
    for identifier in record["identifiers"]:
        _add(root, "identifier", identifier["value"], system=identifier["system"])
    _known(root, "announcedOn", record["announced_on"])
    _known(root, "signedOn", record["signed_on"])
    _known(root, "signedPlace", record["signed_place"])
    _known(root, "signedCountry", record["signed_country"])
    if event := record["event"]:
        _add(root, "event", event["name"], id=event["id"])


def _terms(root: etree._Element, record: dict) -> None:
    _known(root, "effectiveFrom", record["effective_from"])
    _add(root, "end", record["end"]["on"], kind=record["end"]["kind"])
    for period in record["periods"]:
        element = _add(root, "period", number=period["number"])
        _known(element, "from", period["starts_on"])
        _add(element, "end", period["end"]["on"], kind=period["end"]["kind"])
        _known(element, "note", period["note"])
    _known(root, "termAsStated", record["term_as_stated"])
    _add(root, "renewal", record["renewal"]["note"], rule=record["renewal"]["rule"])
    if notice := record["notice"]:
        _add(root, "notice", amount=notice["amount"], unit=notice["unit"])
    if termination := record["termination"]:
        _add(root, "termination", termination["reason"], on=termination["on"])
    _add(root, "binding", record["binding"])
    for amendment in record["amendments"]:
        _amendment(root, amendment)


def _amendment(root: etree._Element, amendment: dict) -> None:
    names = ("id", "number", "kind", "source", "document")
    element = _add(root, "amendment", **{name: amendment[name] for name in names})
    _add(element, "title", amendment["title"])
    _known(element, "summary", amendment["summary"])
    _known(element, "signedOn", amendment["signed_on"])
    _known(element, "effectiveFrom", amendment["effective_from"])
    for term in amendment["terms"]:
        changed = _add(element, "term", field=term["field"])
        _known(changed, "before", term["before"])
        _known(changed, "after", term["after"])


def _institution(parent: etree._Element, institution: dict | None, name: str = "institution") -> None:
    if institution:
        facts = {key: institution.get(key) for key in ("id", "country")}
        _add(parent, name, institution["name"], **facts, ror=institution.get("ror_id"))


def _people_and_parties(root: etree._Element, record: dict) -> None:
    for party in record["parties"]:
        element = _add(root, "party", role=party["role"], reference=party["reference"])
        _institution(element, party["institution"])
    for signatory in record["signatories"]:
        element = _add(root, "signatory", person=(signatory["person"] or {}).get("id"))
        _add(element, "name", signatory["name_as_printed"])
        _known(element, "title", signatory["title_as_printed"])
        _institution(element, signatory["institution"])
    for statement in record["statements"]:
        element = _add(root, "statement", person=statement["person"]["id"], source=statement["source"])
        _add(element, "name", statement["person"]["name"])
        _known(element, "capacity", statement["capacity"])
        _institution(element, statement["institution"])
        _add(element, "summary", statement["summary"], language=statement["language"])


def _contents(root: etree._Element, record: dict) -> None:
    for area in record["focus_areas"]:
        _add(root, "focusArea", area["name"], id=area["id"], emphasised=area["emphasised"])
    for activity in record["activities"]:
        names = ("id", "kind", "direction", "quota")
        element = _add(root, "activity", **{name: activity[name] for name in names})
        _institution(element, activity["from_institution"], "from")
        _institution(element, activity["to_institution"], "to")
        _known(element, "quotaNote", activity["quota_note"])
        _known(element, "startsOn", activity["starts_on"])
        _known(element, "endsOn", activity["ends_on"])
        _known(element, "description", activity["description"])


def _evidence(root: etree._Element, record: dict) -> None:
    for source in record["sources"]:
        facts = {name: source[name] for name in ("id", "kind", "language", "url")}
        element = _add(root, "source", **facts, supports=" ".join(source["supports"]))
        _add(element, "title", source["title"])
        _known(element, "publisher", source["publisher"])
        _known(element, "publishedOn", source["published_on"])
        _known(element, "retrievedOn", source["retrieved_on"])
        _known(element, "quote", source["quote"])
        _known(element, "note", source["note"])
    for document in record["documents"]:
        names = ("id", "kind", "version", "language", "filename", "media_type", "size", "sha256")
        facts = {name.replace("media_type", "mediaType"): document[name] for name in names}
        _add(root, "document", document["title"], **facts, href=document["download_url"])
    for relation in record["relations"] + record["inverse_relations"]:
        agreement = relation["agreement"]
        element = _add(root, "relation", kind=relation["kind"], agreement=agreement["id"])
        _add(element, "title", agreement["title"])
        _known(element, "note", relation["note"])
