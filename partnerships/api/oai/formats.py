"""The formats in which records are given. Each is made from the JSON record, so it can say nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from lxml import etree

from partnerships.choices import ActivityKind, AgreementType
from partnerships.standards.xml import Namespace

from .whole import NAMESPACE as WHOLE
from .whole import whole_record

_OAI_DC = Namespace(
    "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "oai_dc"
)
_DC = Namespace("http://purl.org/dc/elements/1.1/")


@dataclass(frozen=True)
class Format:
    """A metadata format.

    Args:
        write: makes the element of a record, given the record and the origin of addresses.
        schema: ``schema(origin)``, where its schema stands.
    """

    namespace: str
    schema: Callable[[str], str]
    write: Callable[[dict, str], etree._Element]


def dublin_core(record: dict, origin: str) -> etree._Element:
    """Return a record as unqualified Dublin Core. Parties are its creators: they made the agreement."""
    root = _OAI_DC.root("dc", dc=_DC.uri)

    def say(name: str, text) -> None:
        _DC.add_known(root, name, text)

    say("title", record["title"])
    for party in record["parties"]:
        say("creator" if party["role"] == "party" else "contributor", party["institution"]["name"])
    for area in record["focus_areas"]:
        say("subject", area["name"])
    for kind in dict.fromkeys(activity["kind"] for activity in record["activities"]):
        say("subject", ActivityKind(kind).label)
    say("description", record["summary"])
    say("date", record["signed_on"] or record["announced_on"])
    say("type", AgreementType(record["type"]).in_words)
    say("identifier", record["html_url"])
    for other in record["identifiers"]:
        say("identifier", f"{other['system']}: {other['value']}")
    for source in record["sources"]:
        say("source", source["url"] or source["title"])
    for language in record["languages"]:
        say("language", language)
    for relation in record["relations"] + record["inverse_relations"]:
        page = reverse("partnerships:agreement-detail", args=[relation["agreement"]["id"]])
        say("relation", origin + page)
    for country in dict.fromkeys(party["institution"]["country"] for party in record["parties"]):
        say("coverage", country)
    say("rights", settings.DATA_LICENSE)
    return root


def _schema_of_whole(origin: str) -> str:
    return origin + reverse("oai-schema")


FORMATS = {
    "oai_dc": Format(_OAI_DC.uri, lambda origin: _OAI_DC.location, dublin_core),
    "entente": Format(
        WHOLE.uri, _schema_of_whole, lambda record, origin: whole_record(record, _schema_of_whole(origin))
    ),
}
