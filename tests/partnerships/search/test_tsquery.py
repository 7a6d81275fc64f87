"""Clauses become questions that PostgreSQL accepts, and that find what they should."""

import time
from unicodedata import normalize

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.search.agreements import read
from partnerships.search.stemmers import STEMMERS
from partnerships.search.syntax import MAX_LENGTH

pytestmark = pytest.mark.django_db


def _card(*words: str, weight: str = "") -> str:
    """Lexemes as a card has them: words in their order, with what stands beside a word after a comma.

    Hangul words stand by their letters, pairs of syllables as they are.
    """
    lexemes = []
    for place, together in enumerate(words, start=1):
        word, *beside = together.split(",")
        lexemes += [f"'{one}':{place}{weight}" for one in (normalize("NFKD", word), *beside)]
    return " ".join(lexemes)


CARDS = {
    "title": _card("memorandum", "between", "turing", "institute", "kaist", weight="A"),
    "subject": _card("data", "science", "-", "artificial", "intelligence", weight="B"),
    "text": _card("they", "plan", "studies,en=studi", "of", "agreements,en=agreement", "-", "artificial"),
    "french": _card("les", "echanges,fr=echang", "zurich", "email"),
    "korean": _card("한국과학기술원,한국,국과,과학,학기,기술,술원", "-", "ai", "정상회의,정상,상회,회의"),
    "chinese": _card("北京大学,北京,京大,大学", "-", "at", "t"),
    "arabic": _card("جامعه", "الملك", "سعود"),
}
EXPECTED = {
    "turing": "title",
    "tur": "title",
    "tur ": "",
    "TÜRİNG": "title",
    "turing kaist": "title",
    "kaist turing": "title",
    '"turing institute"': "title",
    '"institute turing"': "",
    '"turing kaist"': "",
    "turing OR studies ": "title text",
    "study": "text",
    "studying ": "text",
    '"study"': "",
    '"studies"': "text",
    "agreement": "text",
    "science -artificial": "",
    "artificial -science": "text",
    'artificial -"data science"': "text",
    "échange": "french",
    "Zürich": "french",
    "zuerich": "french",
    "e-mail": "french",
    "한국과학기술원": "korean",
    "한국과학기술원은": "korean",
    "한국과학기술원에서": "korean",
    "한국은행": "",
    "과학기술": "korean",
    "기술": "korean",
    "AI정상회의": "korean",
    "AI에서": "korean",
    "기술한국": "",
    '"과학기술"': "korean",
    "北京": "chinese",
    "京大学": "chinese",
    "AT&T": "chinese",
    "T&AT": "",
    "جَامِعَة": "arabic",
    "الجامعة": "arabic",
    "ملك": "arabic",
    "%": "",
    "OR": "",
    "'; DROP TABLE x; --": "",
}


def matching(query: str) -> str:
    """Names of the cards that a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s, %s) WITH ORDINALITY AS card(name, lexemes, place)"
            " WHERE lexemes::tsvector @@ %s::tsquery ORDER BY place",
            [list(CARDS), list(CARDS.values()), query],
        )
        return " ".join(name for (name,) in cursor.fetchall())


@pytest.mark.parametrize(("typed", "names"), EXPECTED.items())
def test_what_is_found(typed, names):
    compiled = read(typed).compiled()
    assert (matching(compiled.all) if compiled else "") == names


def test_signs_and_operators_alone_ask_nothing():
    for text in ("%", "... !!!", "OR", "-", '"?"', "", "country:KR"):
        assert read(text, {"country"}).compiled() is None


def test_signs_beside_words_are_passed_over():
    assert read("KAIST & Turing ").compiled().all == read("KAIST Turing ").compiled().all


def test_one_statement_once(django_assert_num_queries):
    search = read('"data science" KAIST OR 카이스트 -quantum universities')
    with django_assert_num_queries(1):
        assert search.compiled() is search.compiled()


def test_every_stemmed_language_is_asked():
    for language, word, stem in [
        ("en", "universities", "univers"), ("fr", "universités", "universit"), ("de", "Häuser", "haus"),
        ("ru", "университеты", "университет"), ("es", "universidades", "univers"),
        ("tr", "kitaplar", "kitap"), ("nb", "avtalene", "avtal"), ("no", "avtalene", "avtal"),
        ("nn", "avtalene", "avtal"),
    ]:  # fmt: skip
        assert language in STEMMERS
        [[meant]] = read(word).compiled().clauses
        assert f"{language}={stem}" in meant.words[0].stems


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=MAX_LENGTH) | st.text("'\"\\:*&|!()<-> aé가나中ー%_\x00", max_size=MAX_LENGTH))
def test_any_text_is_a_question(text):
    started = time.monotonic()
    compiled = read(text).compiled()
    if compiled:
        matching(compiled.all)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "가나" * 150,
        "中" * 300,
        "a-" * 150,
        "a가" * 150,
        " ".join(["internationalisation-universities"] * 8),
        "é" * 300,
        "\u0301" * 300,
        "ﷺ" * 300,
        "'" * 300,
        "\\" * 300,
    ],
)
def test_a_long_text_takes_no_time(text):
    started = time.monotonic()
    compiled = read(text).compiled()
    if compiled:
        matching(compiled.all)
    assert time.monotonic() - started < 0.5
