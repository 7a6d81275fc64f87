"""The registry as a catalogue of data sets: DCAT-AP 3 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

from partnerships.partial_dates import PartialDate
from partnerships.querysets.feed import RESOURCES

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_THEMES = ("TECH", "EDUC", "INTR")
_KEYWORDS = ("memorandum of understanding", "international cooperation", "research partnership")
_PRECISION = {"year": XSD.gYear, "month": XSD.gYearMonth, "day": XSD.date}
#: Forms in which a list of the API gives all rows: name, media type, name in the EU's list of file types.
_FORMS = (("csv", "text/csv", "CSV"), ("ndjson", "", ""))
_OAI = URIRef("http://www.openarchives.org/OAI/openarchivesprotocol.html")


@dataclass(frozen=True)
class Dataset:
    """A resource of the registry.

    Args:
        resource: its name in addresses, for example ``agreement``.
        changed: when its public part changed last; None where it is empty.
        first, last: the first and the last date of what it tells.
    """

    resource: str
    title: str
    description: str
    changed: datetime | None = None
    first: PartialDate | None = None
    last: PartialDate | None = None


def catalogue(origin: str, datasets: list[Dataset]) -> Graph:
    """Return the graph of the catalogue.

    Args:
        origin: scheme and host of addresses.
    """
    graph = Graph()
    for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD)):
        graph.bind(prefix, space)
    root = URIRef(origin + reverse("partnerships:catalogue"))
    _describe(graph, root, DCAT.Catalog, settings.REGISTRY_NAME, _ABOUT)
    graph.add((root, FOAF.homepage, URIRef(origin + reverse("partnerships:home"))))
    graph.add((root, DCTERMS.language, _term("language", "ENG")))
    graph.add((root, DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme")))
    _publish(graph, root)
    _licence(graph, root)
    changed = [one.changed for one in datasets if one.changed]
    if changed:
        graph.add((root, DCTERMS.modified, Literal(max(changed))))
    nodes = [_dataset(graph, root, origin, one) for one in datasets]
    for service in _services(graph, root, origin):
        graph.add((root, DCAT.service, service))
        for node in nodes:
            graph.add((service, DCAT.servesDataset, node))
    return graph


_ABOUT = (
    "Agreements and partnerships between institutions, with a source for every fact. "
    "What no source states is not stated."
)


def _dataset(graph: Graph, root: URIRef, origin: str, one: Dataset) -> URIRef:
    node = URIRef(f"{root}#{one.resource}")
    listed = origin + reverse(f"api:{one.resource}-list")
    _describe(graph, node, DCAT.Dataset, one.title, one.description)
    graph.add((root, DCAT.dataset, node))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    graph.add((node, DCAT.landingPage, URIRef(origin + reverse(f"partnerships:{one.resource}-list"))))
    graph.add((node, DCTERMS.accessRights, _term("access-right", "PUBLIC")))
    for theme in _THEMES:
        graph.add((node, DCAT.theme, _term("data-theme", theme)))
    for keyword in _KEYWORDS:
        graph.add((node, DCAT.keyword, Literal(keyword, lang="en")))
    if one.changed:
        graph.add((node, DCTERMS.modified, Literal(one.changed)))
    _publish(graph, node)
    _coverage(graph, node, one)
    for name, kind, file_type in _FORMS:
        form = _distribution(graph, node, one, name, listed, f"{listed}?format={name}")
        if kind:
            graph.add((form, DCAT.mediaType, URIRef(_IANA + kind)))
            graph.add((form, DCTERMS["format"], _term("file-type", file_type)))
        else:
            graph.add((form, DCTERMS["format"], _named(graph, DCTERMS.MediaTypeOrExtent, name.upper())))
    plural = listed.rstrip("/").rpartition("/")[2]
    if plural in RESOURCES:
        snapshots = origin + reverse("api:snapshots")
        form = _distribution(graph, node, one, "parquet", snapshots, f"{snapshots}{plural}.parquet")
        graph.add((form, DCTERMS["format"], _named(graph, DCTERMS.MediaTypeOrExtent, "Apache Parquet")))
    return node


def _distribution(graph: Graph, node: URIRef, one: Dataset, name: str, access: str, download: str) -> URIRef:
    form = URIRef(f"{node}-{name}")
    _describe(graph, form, DCAT.Distribution, f"{one.title} ({name.upper()})")
    graph.add((node, DCAT.distribution, form))
    graph.add((form, DCAT.accessURL, URIRef(access)))
    graph.add((form, DCAT.downloadURL, URIRef(download)))
    _licence(graph, form)
    return form


def _coverage(graph: Graph, node: URIRef, one: Dataset) -> None:
    """The time that the records speak of, as exact as its ends are known."""
    if one.first and one.last:
        span = BNode()
        graph.add((node, DCTERMS.temporal, span))
        graph.add((span, RDF.type, DCTERMS.PeriodOfTime))
        for name, date in ((DCAT.startDate, one.first), (DCAT.endDate, one.last)):
            graph.add((span, name, Literal(str(date), datatype=_PRECISION[date.precision])))


def _services(graph: Graph, root: URIRef, origin: str) -> list[URIRef]:
    api, oai = URIRef(f"{root}#api"), URIRef(f"{root}#oai")
    _describe(
        graph, api, DCAT.DataService, "REST API", "Every resource, with filters, as JSON and in tables."
    )
    graph.add((api, DCAT.endpointURL, URIRef(origin + reverse("api:root"))))
    graph.add((api, DCAT.endpointDescription, URIRef(origin + reverse("api:schema"))))
    graph.add((api, FOAF.page, URIRef(origin + reverse("api-docs"))))
    _describe(graph, oai, DCAT.DataService, "OAI-PMH", "Agreements for harvesters, with tombstones.")
    graph.add((oai, DCAT.endpointURL, URIRef(origin + reverse("oai"))))
    graph.add((oai, DCTERMS.conformsTo, _OAI))
    for service in (api, oai):
        _licence(graph, service)
        graph.add((service, DCTERMS.accessRights, _term("access-right", "PUBLIC")))
    return [api, oai]


def _describe(graph: Graph, node: URIRef, kind: URIRef, title: str, description: str = "") -> None:
    graph.add((node, RDF.type, kind))
    graph.add((node, DCTERMS.title, Literal(title, lang="en")))
    if description:
        graph.add((node, DCTERMS.description, Literal(description, lang="en")))


def _publish(graph: Graph, node: URIRef) -> None:
    """Who publishes it, and whom to ask. Where no publisher is set, the registry itself is named."""
    agent, contact = BNode("publisher"), BNode("contact")
    name = settings.REGISTRY_PUBLISHER or settings.REGISTRY_NAME
    graph.add((node, DCTERMS.publisher, agent))
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(name)))
    graph.add((node, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, VCARD.Kind))
    graph.add((contact, VCARD.fn, Literal(name)))
    graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{settings.CONTACT_EMAIL}")))


def _licence(graph: Graph, node: URIRef) -> None:
    if settings.DATA_LICENSE:
        graph.add((node, DCTERMS.license, URIRef(settings.DATA_LICENSE)))
        graph.add((URIRef(settings.DATA_LICENSE), RDF.type, DCTERMS.LicenseDocument))


def _named(graph: Graph, kind: URIRef, label: str) -> BNode:
    node = BNode()
    graph.add((node, RDF.type, kind))
    graph.add((node, RDFS.label, Literal(label)))
    return node


def _term(scheme: str, name: str) -> URIRef:
    return URIRef(f"{_EU}{scheme}/{name}")
