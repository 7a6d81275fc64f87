"""What makes the page of an agreement worth citing: evidence, chain, history, ways to cite and share."""

import re

import pytest

from partnerships.models import AgreementRelation
from partnerships.services.feed import tell_all
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MembershipFactory,
    SourceFactory,
    StatementFactory,
    publish_now,
)

from .records import seed_agreement
from .test_agreement_page import page_of, plain

pytestmark = pytest.mark.django_db


def html_of(client, record) -> str:
    return client.get(f"/agreements/{record.uid}/").content.decode()


def section(html: str, name: str) -> str:
    """The section under the heading with the id ``name``."""
    return re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', html, re.S)[0]


# --- evidence ---------------------------------------------------------------------------------------------


def test_a_fact_carries_the_numbers_of_the_sources_that_stand_for_it(client):
    record = AgreementFactory(signed_on="2024", sources=0)
    SourceFactory(agreement=record, title="First", supports=["parties"], position=1)
    SourceFactory(agreement=record, title="Second", supports=["parties", "signed_on"], position=2)
    publish_now(record)
    html = html_of(client, record)
    assert re.findall(r'href="#source-(\d)"', section(html, "parties")) == ["1", "2"]
    assert re.findall(r'href="#source-(\d)"', section(html, "life")) == ["2"]
    assert not re.findall(r'href="#source-', section(html, "signatories"))
    assert "Second" in html.split('id="source-2"')[1].split("</li>")[0]


def test_a_statement_and_a_promise_carry_their_own_source(client):
    record = AgreementFactory(sources=2)
    source = record.sources.all()[1]
    StatementFactory(agreement=record, source=source)
    CommitmentFactory(agreement=record, what="To meet", source=source, visibility="public")
    publish_now(record)
    html = html_of(client, record)
    assert 'href="#source-2"' in section(html, "statements")
    assert 'href="#source-2"' in section(html, "commitments")


def test_a_promise_says_what_became_of_it(client):
    record = AgreementFactory(published=True)
    for facts in (
        {"state": "done", "done_on": "2019-05"},
        {"state": "open", "due_on": "2020"},
        {"state": "done"},
    ):
        CommitmentFactory(agreement=record, visibility="public", **facts)
    text = plain(section(html_of(client, record), "commitments"))
    assert "done May 2019" in text and "Overdue" in text and "on a day not known" in text


# --- the chain --------------------------------------------------------------------------------------------


def test_related_agreements_stand_in_the_order_of_a_chain(client):
    old, this, new, frame, part = (
        AgreementFactory(title=title, published=True) for title in ("Old", "This one", "New", "Frame", "Part")
    )
    for agreement, kind, target in (
        (this, "renews", old),
        (new, "supersedes", this),
        (this, "implements", frame),
        (part, "implements", this),
    ):
        AgreementRelation.objects.create(agreement=agreement, kind=kind, target=target)
    text = plain(section(html_of(client, this), "related"))
    words = (
        "Implements Frame",
        "Renews Old",
        "This agreement This one",
        "Superseded by New",
        "Implemented by Part",
    )
    places = [text.index(one) for one in words]
    assert places == sorted(places)


def test_a_hidden_agreement_is_no_link_of_the_chain(client):
    record = AgreementFactory(published=True)
    for hidden in (
        AgreementFactory(title="Secret one"),
        AgreementFactory(title="Secret two", visibility="internal"),
    ):
        AgreementRelation.objects.create(agreement=hidden, kind="renews", target=record)
    text = plain(section(html_of(client, record), "related"))
    assert (
        "No related agreement is recorded." in text and "Secret" not in text and "This agreement" not in text
    )


# --- history ----------------------------------------------------------------------------------------------


def test_the_history_tells_what_changed_in_public_and_nobody_s_name(client):
    record = AgreementFactory(signed_on="2024", office=MembershipFactory(user__username="amanda").office)
    publish_now(record)
    tell_all()
    record.refresh_from_db()
    record.signed_on, record.summary = "2024-05", "More is known."
    record.save()
    tell_all()
    text = plain(section(html_of(client, record), "history"))
    assert "Changed: summary date of signing: May 2024 (before: 2024)" in text
    assert text.index("Changed") < text.index("Published")
    assert "amanda" not in text and "publisher" not in text


def test_the_history_keeps_what_happened_out_of_sight(client):
    record = AgreementFactory(signed_on="2024")
    tell_all()
    record.title = "Secret working title"
    record.save()
    tell_all()
    record.title = "Title"
    record.save()
    publish_now(record)
    tell_all()
    assert "Secret" not in page_of(client, record)
    text = plain(section(html_of(client, record), "history"))
    assert "Published" in text and "Changed" not in text


def test_staff_read_the_public_history_as_everybody_does(client):
    record = AgreementFactory(visibility="internal")
    publish_now(record)
    tell_all()
    client.force_login(MembershipFactory().user)
    assert "Nothing of this record has been told to the public yet." in page_of(client, record)


# --- cite, share ------------------------------------------------------------------------------------------


def test_it_can_be_cited_shared_and_downloaded_without_a_script(client):
    record = seed_agreement()
    html = html_of(client, record)
    address = f"http://testserver/agreements/{record.uid}/"
    assert f'<code class="address">{address}</code>' in html
    assert "mailto:?subject=Memorandum%20of%20understanding" in html
    for end in ("ris", "bib", "json"):
        assert client.get(f"/agreements/{record.uid}/cite.{end}").status_code == 200
        assert f'href="/agreements/{record.uid}/cite.{end}"' in html
    # Buttons that need a script are hidden until it runs.
    assert all("hidden" in button for button in re.findall(r"<button[^>]*data-copy[^>]*>", html))


def test_hostile_words_stay_words(client):
    words = '"><script>alert(1)</script>\u202eevil 🙂' + "x" * 200
    record = AgreementFactory(title=words, sources=0)
    SourceFactory(agreement=record, title=words, quote=words, supports=["parties", "signed_on"])
    publish_now(record)
    html = html_of(client, record)
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html
