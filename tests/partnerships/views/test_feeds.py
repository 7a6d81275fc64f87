"""The Atom feed of any question, as a feed reader that is not ours reads it."""

from urllib.parse import quote

import feedparser
import pytest
from django.test import Client

from partnerships.views import feeds
from tests.factories import AgreementFactory, InstitutionFactory, publish_now
from tests.partnerships.views.records import full_agreement

pytestmark = pytest.mark.django_db


def read(path: str = "/agreements.atom", client: Client | None = None):
    response = (client or Client()).get(path)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo and feed.version == "atom10"
    return feed


def link(feed, rel: str) -> str:
    return next((one.href.removeprefix("http://testserver") for one in feed.feed.links if one.rel == rel), "")


def test_a_reader_finds_what_changed_last():
    first = AgreementFactory(title="First", summary="On AI.", signed_on="2024-05", published=True)
    AgreementFactory(title="Draft")
    feed = read()
    [entry] = feed.entries
    assert (entry.title, entry.link) == ("First", f"http://testserver/agreements/{first.uid}/")
    assert entry.id == f"tag:127.0.0.1,2026:/agreements/{first.uid}/"
    assert entry.updated_parsed[:6] == first.updated_at.timetuple()[:6] or entry.updated
    assert "Signed 2024-05." in entry.summary and entry.content[0].value == "On AI."
    assert feed.feed.updated == entry.updated


def test_any_question_has_a_feed():
    korean = AgreementFactory(
        parties=[InstitutionFactory(country_id="KR"), InstitutionFactory()], published=True
    )
    other = AgreementFactory(title="Quantum optics", published=True)
    assert [one.title for one in read("/agreements.atom?country=KR").entries] == [korean.title]
    assert [one.title for one in read("/agreements.atom?q=quantum").entries] == [other.title]
    assert not read("/agreements.atom?q=quantom").entries, "a feed corrects nobody"
    assert read("/agreements.atom?country=FR").feed.updated == "1970-01-01T00:00:00Z"
    assert link(read("/agreements.atom?country=KR"), "alternate") == "/agreements/?country=KR"


@pytest.mark.parametrize(
    "query, word",
    [("bogus=1", "bogus"), ("country=ZZ", "country"), ("ordering=title", "ordering"), ("page=2", "page"),
     ("format=csv", "format"), ("cursor=x", "cursor"), ("q=%00", "q"), ("signed_after=x", "signed_after")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(query, word):
    answer = Client().get(f"/agreements.atom?{query}")
    assert answer.status_code == 400 and answer.content.decode().startswith(word)


def test_it_is_read_on_part_by_part(monkeypatch):
    monkeypatch.setattr(feeds, "SIZE", 2)
    records = {AgreementFactory(published=True).uid for _ in range(5)}
    path, found = "/agreements.atom?type=memorandum_of_understanding", []
    while path:
        feed = read(path)
        found += [entry.link.split("/")[-2] for entry in feed.entries]
        assert link(feed, "first") == "/agreements.atom?type=memorandum_of_understanding"
        path = link(feed, "next")
    assert len(found) == 5 and set(found) == records


def test_nobody_is_given_more_than_everybody(admin_client):
    internal = AgreementFactory(visibility="internal")
    publish_now(internal)
    assert not read(client=admin_client).entries


@pytest.mark.parametrize("title", ["]]> </title> & <b>", "a\x01\x0bb", "\u202eRTL", "&lt;script&gt;"])
def test_hostile_titles_stay_titles(title):
    AgreementFactory(title=title, published=True)
    assert read().entries[0].title.replace("\ufffd", "") == feedparser_text(title)


def feedparser_text(title: str) -> str:
    """What a text construct of type “text” says: the title without what XML cannot hold."""
    return "".join(one for one in title if one >= " ")


def test_what_has_not_changed_is_not_sent_again():
    record = AgreementFactory(published=True)
    first = Client().get("/agreements.atom")
    again = Client().get("/agreements.atom", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    record.title = "Changed"
    record.save()
    assert Client().get("/agreements.atom", headers={"if-none-match": first["ETag"]}).status_code == 200
    head = Client().head("/agreements.atom")
    assert head.status_code == 200 and not head.content


def test_lists_lead_to_their_feed():
    AgreementFactory(published=True)
    html = Client().get(f"/agreements/?q={quote('agreement')}&ordering=title&page_size=10").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/agreements.atom?q=agreement">' in html


def test_it_costs_the_same_however_many_there_are(counted_queries):
    for _ in range(3):
        full_agreement()
    with counted_queries("GET /agreements.atom"):
        read("/agreements.atom?country=KR")
