"""The DCAT catalogue: read by an RDF library, and held against shapes of what DCAT-AP makes mandatory."""

from pathlib import Path

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db
SHAPES = Path(__file__).with_name("dcat_ap.ttl")
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
ROOT = URIRef("http://testserver/catalog/")


def catalogue(form: str = "ttl") -> Graph:
    response = Client().get(f"/catalog.{form}")
    assert response.status_code == 200
    return Graph().parse(data=response.content, format=FORMS[form])


def faults(graph: Graph) -> str:
    conforms, _, text = validate(graph, shacl_graph=str(SHAPES), advanced=False)
    return "" if conforms else text


@pytest.mark.parametrize("licence", ["", "https://creativecommons.org/licenses/by/4.0/"])
def test_it_has_what_dcat_ap_makes_mandatory(settings, licence):
    settings.DATA_LICENSE, settings.REGISTRY_PUBLISHER = licence, 'The "Office" \\ of <partnerships>'
    AgreementFactory(signed_on="2024-05", published=True)
    graph = catalogue()
    assert not faults(graph)
    assert bool(list(graph.objects(ROOT, DCTERMS.license))) == bool(licence)
    assert len(list(graph.objects(ROOT, DCAT.dataset))) == 5
    assert len(list(graph.objects(ROOT, DCAT.service))) == 2


def test_the_shapes_would_find_what_is_missing():
    graph = catalogue()
    graph.remove((ROOT, DCTERMS.title, None))
    assert "title" in faults(graph)


def test_every_form_says_the_same():
    AgreementFactory(signed_on="2024", published=True)
    one, *others = (catalogue(form) for form in FORMS)
    assert all(isomorphic(one, other) for other in others)
    assert Client().get("/catalog.exe").status_code == 404


def test_dates_are_those_of_public_records_and_as_exact_as_they_are_known():
    AgreementFactory(signed_on="1990-01-01")
    AgreementFactory(signed_on="2020", published=True)
    AgreementFactory(signed_on="2024-05", published=True)
    AgreementFactory(published=True)
    graph = catalogue()
    assert set(graph.objects(None, DCAT.startDate)) == {Literal("2020", datatype=XSD.gYear)}
    assert set(graph.objects(None, DCAT.endDate)) == {Literal("2024-05", datatype=XSD.gYearMonth)}


def test_an_empty_registry_has_a_catalogue_without_dates():
    graph = catalogue()
    assert not faults(graph)
    assert not list(graph.objects(None, DCTERMS.modified)) and not list(graph.objects(None, DCTERMS.temporal))


def test_what_it_leads_to_is_there():
    AgreementFactory(published=True)
    graph = catalogue()
    for distribution in graph.subjects(RDF.type, DCAT.Distribution):
        for kind in (DCAT.accessURL, DCAT.downloadURL):
            [address] = graph.objects(distribution, kind)
            response = Client().get(str(address).removeprefix("http://testserver"))
            assert response.status_code == 200, address


@pytest.mark.parametrize(
    "accept, end",
    [("", "ttl"), ("*/*", "ttl"), ("application/ld+json", "jsonld"), ("application/rdf+xml", "rdf"),
     ("text/html", "ttl"), ("text/turtle;q=0.5, application/rdf+xml", "rdf")],
)  # fmt: skip
def test_one_address_leads_to_the_form_that_is_preferred(accept, end):
    answer = Client().get("/catalog/", headers={"accept": accept})
    assert (answer.status_code, answer["Location"]) == (303, f"/catalog.{end}")
    assert "Accept" in answer["Vary"]


def test_it_costs_the_same_however_many_there_are(counted_queries):
    for _ in range(3):
        AgreementFactory(published=True)
    with counted_queries("GET /catalog.ttl"):
        catalogue()
