"""A page in Korean has no English word left but names and what records say."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partnerships.models import Agreement, CardPair, Event, FocusArea, Institution
from partnerships.services.publication import withdraw
from partnerships.urls import PICTURES
from people.models import Person
from tests.factories import administrator

from .marking import NAMES

pytestmark = pytest.mark.django_db

# Codes of two capitals, of countries for example, are no words.
_WORD = re.compile(r"(?<![A-Za-z])(?![A-Z]{2}(?![A-Za-z]))[A-Za-z]{2,}")
_READ = ("alt", "aria-label", "aria-description", "title", "placeholder", "data-label", "label")
#: Names of forms, of registers and of ours; written the same in every language.
_SAME = re.compile(
    r"(?<![A-Za-z])(?:entente|“\w+”|PageRank|Blondel|Freeman|Brin|Page 1998|RIS|CSL-JSON|MOU|DCAT|SDGs?|OECD"
    r"|FORD|GRID|ISNI|Crossref Funder|Wikidata|UTC|OR|English|Read this page in English|application/\S+"
    r"|(?:https?://|www\.)\S+|\w+\.(?:org|com|kr|uk|edu|gov)\b\S*)(?![A-Za-z])"
)


class _Texts(HTMLParser):
    """What is read and heard of a page, without what is for programs."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # What is marked as another language is meant to be one; mono-spaced are ids and codes.
        foreign = given.get("lang", "ko") != "ko" and tag != "html"
        if self.unread or tag in ("script", "style", "pre", "code") or foreign:
            if tag not in (
                "meta",
                "link",
                "input",
                "img",
                "br",
                "hr",
                "path",
                "rect",
                "use",
                "circle",
                "line",
            ):
                self.unread.append(tag)
            return
        self.texts += [value for name, value in attrs if name in _READ and value]
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given.get("content", ""))

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data):
        if not self.unread:
            self.texts.append(data)


def said_by_records() -> list[str]:
    """Every text that some record holds, the longest first: those may be in any language."""
    found = set()
    for app in ("partnerships", "people"):
        for model in apps.get_app_config(app).get_models():
            fields = [one.name for one in model._meta.fields if isinstance(one, CharField | TextField)]
            if fields and model._meta.managed and "Event" not in model.__name__[:-5]:
                for row in model.objects.values_list(*fields):
                    # Codes of two letters are words of English too.
                    found |= {" ".join(text.split()) for text in row if text and len(text) > 2}
    return sorted(found, key=len, reverse=True)


def is_english(words: str) -> bool:
    """Whether there is more in ``words`` than what is written the same in every language."""
    return bool(_WORD.search(NAMES.sub(" ", _SAME.sub(" ", words))))


def left_over(page: str, said: list[str]) -> set[str]:
    """English words of a page that no record says."""
    reader = _Texts()
    reader.feed(page)
    left = set()
    for text in reader.texts:
        # A name that a drawing has no room for.
        if text.strip().endswith("…") and any(value.startswith(text.strip()[:-1]) for value in said):
            continue
        words = " ".join(text.split())
        for value in said:
            if not is_english(words):
                break
            words = words.replace(value, " ")
        if is_english(words):
            left.add(" ".join(text.split())[:120])
    return left


def pages() -> list[str]:
    """Every kind of page: lists, asked in several ways, and records, with all that they can hold."""
    with translation.override("ko"):
        lists = [
            reverse(f"partnerships:{name}-list")
            for name in (
                "agreement", "partnership", "institution", "person", "focus-area", "event", "country",
            )
        ]  # fmt: skip
        found = [reverse(f"partnerships:{name}") for name in ("home", "about", "explore")] + lists
        found += [reverse(f"partnerships:explore-{name}") for name in PICTURES]
        asked = (
            "q=zzzz",
            "q=KAIST",
            "country=KR&status=signed",
            "bogus=1",
            "format=csv",
            "country=XX&year=x",
        )
        found += [f"{lists[0]}?{query}" for query in asked]
        found += [
            f"{lists[0]}?in_force_on=x&ends_before=2024-13&updated_since=x&institution=x&person=x&type=x"
        ]
        found += [
            f"{lists[1]}?sub_units=1",
            f"{lists[2]}?q=Turing",
            f"{lists[0]}?cursor=x",
            f"{lists[0]}?page=99",
        ]
        for name, rows in (
            ("agreement", Agreement.objects.all()),
            ("institution", Institution.objects.filter(visibility="public")[:12]),
            ("person", Person.objects.filter(visibility="public")[:6]),
            ("event", Event.objects.all()[:4]),
            ("focus-area", FocusArea.objects.all()[:6]),
        ):
            found += [reverse(f"partnerships:{name}-detail", kwargs={"uid": row.uid}) for row in rows]
        found += [reverse("partnerships:country-detail", kwargs={"uid": code}) for code in ("KR", "GB")]
        pair = CardPair.objects.first()
        first, second = (Institution.objects.get(pk=pk).uid for pk in (pair.one, pair.other))
        uid = "-".join(sorted((first, second)))
        return [*found, reverse("partnerships:partnership-detail", kwargs={"uid": uid})]


def test_no_english_word_is_left():
    call_command("load_demo", verbosity=0)
    taken_back = Agreement.objects.first()
    withdraw(agreement=taken_back, by=administrator(), reason="착오")
    said, client = said_by_records(), Client()
    left = {}
    for path in pages():
        response = client.get(path)
        assert response.status_code in (200, 400, 404, 410), path
        asked = [word for words in parse_qs(urlsplit(path).query).values() for word in words]
        for words in left_over(response.content.decode(), sorted([*asked, *said], key=len, reverse=True)):
            left.setdefault(words, path)
    assert not left, "\n".join(f"{words!r} on {path}" for words, path in sorted(left.items()))


def test_a_word_that_is_left_would_be_seen():
    page = '<html lang="ko"><p title="Title">서명 <b>Signed</b> by KAIST</p><p lang="en">Fine</p>API'
    assert left_over(page, ["KAIST"]) == {"Title", "Signed", "by KAIST"}
