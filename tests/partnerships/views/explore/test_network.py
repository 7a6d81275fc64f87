"""The page of the network and its files: what they say, whom they name, what they refuse."""

import csv
import json

import pytest
from django.urls import reverse

from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.pictures.registry import furnish

pytestmark = pytest.mark.django_db

PAGE = "/explore/network/"
HOSTILE = ('<script>alert("1")</script>', "‮مؤسسة", "🦉" * 150, "& < > \" '")


def test_an_empty_registry_says_that_there_is_nothing(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert b"nothing to draw" in answer.content


def test_agreements_that_join_nobody_draw_nothing(client):
    AgreementFactory(parties=[InstitutionFactory(country_id=None), InstitutionFactory()], published=True)
    answer = client.get(PAGE, {"nodes": "countries"})
    assert "None of these agreements joins two countries." in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("size=51", "size"),
        ("nodes=people", "nodes"),
        ("depth=4", "depth"),
        ("measure=beauty", "measure"),
        ("around=nobody", "around"),
        ("around=%00", "around"),
        ("nodes=countries&around=XX", "around"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_drawn(client, query, field):
    furnish()
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    text = answer.content.decode()
    assert f"{field}: " in text, "as it stands in the address"
    assert "network-drawing" not in text
    assert client.get(f"/explore/network.json?{query}").status_code == 400


def test_who_may_not_be_seen_is_no_middle(client):
    hidden = InstitutionFactory(visibility="internal")
    furnish()
    assert client.get(PAGE, {"around": hidden.uid}).status_code == 400


def test_hostile_names_are_but_text(client):
    AgreementFactory(parties=[InstitutionFactory(name=name) for name in HOSTILE], published=True)
    for size in ("50", "500"):
        text = client.get(PAGE, {"size": size}).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
    names = [row["name"] for row in client.get("/explore/network.json").json()["rows"]]
    assert sorted(names) == sorted(HOSTILE)


def test_files_hold_nodes_and_links(client):
    furnish()
    found = client.get("/explore/network.json?nodes=countries").json()
    assert [row["id"] for row in found["rows"]][:2] == ["GB", "FR"]
    answer = client.get("/explore/network.csv?nodes=countries&of=links")
    rows = list(csv.reader(answer.getvalue().decode("utf-8-sig").splitlines()))[1:]
    by_place = {
        frozenset((found["rows"][one]["id"], found["rows"][other]["id"])): number
        for one, other, number, _width in found["links"]
    }
    assert {frozenset((row[1], row[3])): int(row[4]) for row in rows} == by_place
    assert json.dumps(found) == json.dumps(client.get("/explore/network.json?nodes=countries").json())


def test_each_link_of_countries_leads_to_its_agreements(client):
    furnish()
    drawn = client.get(PAGE, {"nodes": "countries", "year": "2019"}).context["picture"]
    assert drawn["links"]
    for link in drawn["links"]:
        found = client.get(link["address"])
        assert found.context["page"].count == link["count"].value
    for one in drawn["nodes"]:
        assert client.get(one["list"]).context["page"].count == one["node"].agreements.value


def test_links_of_institutions_lead_to_partnerships(client):
    one, other = InstitutionFactory(), InstitutionFactory()
    AgreementFactory(parties=[one, other], published=True)
    for units in ("", "parent"):
        [link] = client.get(PAGE, {"units": units}).context["picture"]["links"]
        assert client.get(link["address"]).status_code == 200
    own = reverse("partnerships:institution-detail", kwargs={"uid": one.uid})
    assert own in client.get(PAGE).content.decode()


def test_statements(client, counted_queries):
    furnish()
    client.get(PAGE)
    for query in ("", "country=KR", "nodes=countries", "around=KR&nodes=countries&depth=2"):
        with counted_queries(f"GET {PAGE}?{query}"):
            assert client.get(f"{PAGE}?{query}").status_code == 200
