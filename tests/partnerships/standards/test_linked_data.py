"""Linked data in pages and by content negotiation, read by an RDF library that fetches nothing."""

import json
import re
import socket

import pytest
from django.test import Client
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from partnerships.models import InstitutionLink
from tests.factories import AgreementFactory, EventFactory, InstitutionFactory, PersonFactory, publish_now
from tests.partnerships.api.conftest import ApiClient
from tests.partnerships.views.records import full_agreement, seed_agreement

pytestmark = pytest.mark.django_db
SDO = Namespace("https://schema.org/")
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever reads the graphs needs nothing from elsewhere."""

    def refuse(*args, **kwargs):
        raise AssertionError("the network is asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def graph_in(path: str) -> Graph:
    html = Client().get(path).content.decode()
    [script] = SCRIPT.findall(html)
    return Graph().parse(data=script, format="json-ld")


def negotiated(path: str, accept: str = "application/ld+json"):
    return Client().get(path, headers={"accept": accept})


def test_the_page_of_an_agreement_carries_its_graph(settings):
    settings.DATA_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
    record = full_agreement(
        title="Memorandum", signed_on="2024-05", effective_from="2024", end_kind="open_ended"
    )
    graph = graph_in(f"/agreements/{record.uid}/")
    node = URIRef(f"http://testserver/agreements/{record.uid}/")
    assert (node, RDF.type, SDO.CreativeWork) in graph
    assert (node, SDO.name, Literal("Memorandum")) in graph
    assert (node, SDO.dateCreated, Literal("2024-05")) in graph
    assert (node, SDO.temporalCoverage, Literal("2024/..")) in graph
    assert (node, SDO.sdLicense, URIRef(settings.DATA_LICENSE)) in graph
    parties = {URIRef(f"http://testserver/institutions/{p.institution.uid}/") for p in record.parties.all()}
    assert set(graph.objects(node, SDO.creator)) == parties
    assert len(list(graph.objects(node, SDO.encoding))) == 2


def test_a_speaker_is_no_contributor_and_the_unknown_is_absent():
    record = seed_agreement()
    graph = graph_in(f"/agreements/{record.uid}/")
    node = URIRef(f"http://testserver/agreements/{record.uid}/")
    assert not list(graph.objects(node, SDO.contributor))
    assert not list(graph.objects(node, SDO.temporalCoverage))
    ror = {str(one) for one in graph.objects(None, SDO.sameAs)}
    assert {"https://ror.org/035dkdb55", "https://ror.org/05apxxy63"} <= ror


def test_what_agreements_share_has_graphs_too():
    parent = InstitutionFactory(name="University", visibility="public")
    institution = InstitutionFactory(
        name="School", types=["education"], latitude=1.5, longitude=2.5, established=901, visibility="public",
        website="https://example.org/a b<\"'>|",
    )  # fmt: skip
    institution.names.create(value="학교", language="ko")
    InstitutionLink.objects.create(institution=institution, kind="parent", target=parent)
    graph = graph_in(f"/institutions/{institution.uid}/")
    node = URIRef(f"http://testserver/institutions/{institution.uid}/")
    assert (node, RDF.type, SDO.EducationalOrganization) in graph
    assert (node, SDO.alternateName, Literal("학교", lang="ko")) in graph
    assert (node, SDO.foundingDate, Literal("0901")) in graph
    above = URIRef(f"http://testserver/institutions/{parent.uid}/")
    assert (node, SDO.parentOrganization, above) in graph
    graph.serialize(format="nt")

    person = PersonFactory(orcid="0000-0002-1825-0097", visibility="public")
    event = EventFactory(starts_on="2024-05-21", place="Seoul", country_id="KR", visibility="public")
    assert list(graph_in(f"/people/{person.uid}/").objects(None, SDO.sameAs)) == [
        URIRef("https://orcid.org/0000-0002-1825-0097")
    ]
    assert Literal("2024-05-21") in set(graph_in(f"/events/{event.uid}/").objects(None, SDO.startDate))
    assert (None, RDF.type, SDO.Country) in graph_in("/countries/KR/")


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!-- --> ]]> & \u2028", "\x01 \u202e"]
)
def test_hostile_titles_end_no_element(title):
    record = AgreementFactory(title=title, published=True)
    html = Client().get(f"/agreements/{record.uid}/").content.decode()
    [script] = SCRIPT.findall(html)
    assert json.loads(script)["name"] == title and "<" not in script
    assert "<script>alert" not in html


def test_the_same_graph_by_negotiation_at_page_and_api():
    record = full_agreement()
    page = negotiated(f"/agreements/{record.uid}/")
    assert page["Content-Type"] == "application/ld+json" and "Accept" in page["Vary"]
    script = SCRIPT.findall(Client().get(f"/agreements/{record.uid}/").content.decode())[0]
    assert page.json() == json.loads(script)
    for address in (f"/api/v1/agreements/{record.uid}/",):
        assert negotiated(address).json() == page.json()
        assert Client().get(f"{address}?format=jsonld").json() == page.json()
    assert ApiClient().read(f"agreements/{record.uid}/")["id"] == record.uid


def test_every_resource_with_a_page_of_its_own_has_a_graph_in_the_api():
    record = full_agreement()
    institution = record.parties.first().institution
    for name, row in (
        ("institutions", institution),
        ("events", record.event),
        ("focus-areas", record.focus_areas.first()),
    ):
        node = negotiated(f"/api/v1/{name}/{row.uid}/").json()["@id"]
        assert node == f"http://testserver/{name}/{row.uid}/"


def test_a_page_leads_to_its_other_forms():
    record = AgreementFactory(published=True)
    path = f"/agreements/{record.uid}/"
    page = Client().get(path)
    assert page["Content-Type"].startswith("text/html") and "Accept" in page["Vary"]
    assert f'</api/v1/agreements/{record.uid}/>; rel="alternate"; type="application/json"' in page["Link"]
    for accept, target in (
        ("application/json", f"/api/v1/agreements/{record.uid}/"),
        ("application/x-bibtex", f"{path}cite.bib"),
        ("application/x-research-info-systems, text/html;q=0.5", f"{path}cite.ris"),
    ):
        answer = negotiated(path, accept)
        assert (answer.status_code, answer["Location"]) == (303, target)


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "image/png",
        "",
        ";;;q=x",
        "application/ld+json;q=0.1, text/html",
    ],
)
def test_browsers_get_the_page(accept):
    record = AgreementFactory(published=True)
    answer = negotiated(f"/agreements/{record.uid}/", accept)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def test_hidden_records_have_no_graph(admin_client):
    record = AgreementFactory()
    assert negotiated(f"/agreements/{record.uid}/").status_code == 404
    html = admin_client.get(f"/agreements/{record.uid}/").content.decode()
    assert not SCRIPT.findall(html)
    internal = AgreementFactory(visibility="internal")
    publish_now(internal)
    assert not SCRIPT.findall(admin_client.get(f"/agreements/{internal.uid}/").content.decode())
    assert admin_client.get(f"/api/v1/agreements/{internal.uid}/?format=jsonld").status_code == 406
