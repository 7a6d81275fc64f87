"""Lists beyond the numbered pages: the links go on by cursor, back, and to the beginning."""

import re
from html import unescape

import pytest

from partnerships.models import Agreement
from tests.factories import AgreementFactory

from .records import full_agreement, seed_agreement
from .test_lists import RESOURCES, ids_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_numbered(monkeypatch):
    monkeypatch.setattr("partnerships.filtersets.reading.LAST_NUMBERED", 4)


@pytest.fixture
def nine():
    return [AgreementFactory(title=f"Water {number}", published=True) for number in range(9)]


def link(html: str, rel: str) -> str:
    """The address of the link ``rel`` (prev, next) between the pages, or nothing."""
    nav = html.partition('<nav class="pages"')[2].partition("</nav>")[0]
    found = re.search(rf'href="([^"]+)" rel="{rel}"', nav)
    return unescape(found[1]) if found else ""


def walk(client, path: str, address: str, rel: str) -> list[str]:
    """The pages from ``address`` on, as far as the links of ``rel`` lead."""
    pages = []
    while address:
        response = client.get(path + address)
        assert response.status_code == 200
        pages.append(response.content.decode())
        address = link(pages[-1], rel)
        assert len(pages) < 30
    return pages


@pytest.mark.parametrize("resource", RESOURCES)
def test_links_lead_through_the_whole_list_and_back(client, resource):
    seed_agreement()
    full_agreement()
    # A page of subjects shows its rows as a tree, unless an order is asked.
    question = {"focus-areas": "?ordering=name", "countries": "?q=land"}.get(resource, "?")
    whole = ids_on(client.get(f"/{resource}/{question}&page_size=100").content.decode(), resource)
    size = max(1, len(whole) // 6)
    ahead = walk(client, f"/{resource}/", f"{question}&page_size={size}", "next")
    assert [uid for html in ahead for uid in ids_on(html, resource)] == whole
    back = walk(client, f"/{resource}/", link(ahead[-2], "next") if len(ahead) > 1 else question, "prev")
    assert [uid for html in reversed(back) for uid in ids_on(html, resource)] == whole


def test_numbers_first_then_cursors(client, nine):
    pages = walk(client, "/agreements/", "?q=water&ordering=title&page_size=2", "next")
    assert ["Page " in html for html in pages] == [True, True, False, False, False]
    assert "page=2" in link(pages[0], "next")
    assert "cursor=" in link(pages[1], "next") and "page=" not in link(pages[1], "next")
    for html in pages[2:]:
        assert 'href="?q=water&amp;ordering=title&amp;page_size=2">Back to the beginning</a>' in html
        assert "cursor" not in html.split("<form")[1].split("</form>")[0]
        assert "cursor" not in html.partition('<div class="data-links"')[2]
        assert "9 agreements" in html
    assert re.search(r"<title>\s+Agreements, further on", pages[2])


@pytest.mark.parametrize(
    "query",
    ["q=water&page_size=2&page=3", "q=water&page_size=2&page=400", "page=5&page_size=1", "page=999999999"],
)
def test_a_number_beyond_is_an_error_with_a_way_on(client, nine, query):
    response = client.get(f"/agreements/?{query}")
    html = response.content.decode()
    assert response.status_code == 400
    assert "There is a problem" in html and "Page: Pages are numbered up to row 4" in html
    assert ids_on(html, "agreements") == []
    assert "Go to the beginning of the list" in html


class TestAWrongCursor:
    @pytest.fixture
    def address(self, client, nine) -> str:
        html = client.get("/agreements/?q=water&ordering=title&page_size=2&page=2").content.decode()
        return link(html, "next")

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("-title", "title"),
            ("wate", "water"),
            ("&type=exchange&cursor", "&cursor"),
            ("&page=2&cursor", "&cursor"),
        ],
    )
    def test_is_an_error_without_results(self, client, address, wrong, right):
        response = client.get(f"/agreements/{address.replace(right, wrong)}")
        html = response.content.decode()
        assert response.status_code == 400
        assert "There is a problem" in html and "No results" in html
        assert ids_on(html, "agreements") == []

    @pytest.mark.parametrize("cursor", ["x", "a:b:c", "%FF", "x" * 5000, "WzAsIngiLFtdXQ:abc"])
    def test_nonsense(self, client, nine, cursor):
        html = client.get(f"/agreements/?cursor={cursor}").content.decode()
        assert "Cursor: This cursor was not made here." in html
        assert ids_on(html, "agreements") == []

    def test_the_size_of_a_page_may_change(self, client, address):
        html = client.get(f"/agreements/{address.replace('page_size=2', 'page_size=4')}").content.decode()
        assert len(ids_on(html, "agreements")) == 4


def test_the_api_reads_on_where_a_page_stands(client, nine):
    html = client.get("/agreements/?ordering=title&page_size=2&page=2").content.decode()
    address = link(html, "next")
    page = ids_on(client.get(f"/agreements/{address}").content.decode(), "agreements")
    answer = client.get(f"/api/v1/agreements/{address}").json()
    assert [row["id"] for row in answer["results"]] == page
    following = answer["next"].partition("?")[2]
    assert ids_on(client.get(f"/agreements/?{following}").content.decode(), "agreements")


def test_a_place_behind_which_nothing_stands_any_more(client, nine):
    html = client.get("/agreements/?ordering=title&page_size=2&page=2").content.decode()
    Agreement.objects.filter(title__gt="Water 3").update(visibility="internal")
    page = client.get(f"/agreements/{link(html, 'next')}").content.decode()
    assert "Nothing stands behind this place any more" in page and "4 agreements" in page


def test_an_empty_cursor_is_the_beginning(client, nine):
    html = client.get("/agreements/?ordering=title&page_size=2&cursor=").content.decode()
    assert "Water 0" in html and not link(html, "prev") and "cursor=" in link(html, "next")
