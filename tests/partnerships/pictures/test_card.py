"""The picture beside a shared link: all words stand in it, whatever they are."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

import partnerships
from partnerships.pictures import card as drawing
from partnerships.pictures.card import HEIGHT, WIDTH, Card, png
from partnerships.pictures.lettering import TEXTS, TITLES, Lettering, fitted

TOKENS = Path(partnerships.__file__).parent / "static/entente/tokens.css"


def image_of(card: Card, site: str = "") -> Image.Image:
    return Image.open(BytesIO(png(card, site))).convert("RGB")


def changed(one: Card, other: Card, site: str = "") -> tuple | None:
    """Where two cards differ, by more than a shade of the palette, as (left, top, right, bottom)."""
    difference = ImageChops.difference(image_of(one, site), image_of(other)).convert("L")
    return difference.point(lambda shade: 255 if shade > 40 else 0).getbbox()


def test_it_is_as_large_as_readers_of_open_graph_ask():
    assert image_of(Card("Institution", "KAIST")).size == (WIDTH, HEIGHT) == (1200, 630)


@pytest.mark.parametrize(
    "text", ["KAIST", "한국과학기술원", "Łódź, Žilina, İzmir", "Жуковский", "早稻田", "Đà Nẵng"]
)
def test_scripts_that_are_written(text):
    assert Lettering(TITLES, 40).can_write(text) and Lettering(TEXTS, 40).can_write(text)
    assert changed(Card("", text), Card("", ""))


def test_what_no_font_writes_is_left_out_and_not_drawn_as_boxes():
    assert not changed(Card("", "جامعة"), Card("", ""))
    assert not changed(Card("ไทย", "", ("한국", "ไทย"), ("ไทย",)), Card("", "", ("한국",)))


@pytest.mark.parametrize("title", ["word " * 120, "x" * 500, "한" * 500])
def test_a_long_title_keeps_clear_of_mark_and_parties(title):
    parties = ("One", "Other", "Third", "Fourth")
    left, top, right, bottom = changed(Card("", title, parties), Card("", "", parties))
    assert left >= 60 and right <= 72 + 840 and top > 110 and bottom < 340


def test_of_many_parties_the_rest_is_a_number():
    few, many = Card("", "", ("A", "B", "C", "D")), Card("", "", tuple("ABCDEFGHI"))
    _, top, _, bottom = changed(few, many)
    assert top > 450 and bottom < 536, "only the last line differs"


def test_a_long_name_of_a_party_and_many_facts_end_before_the_edge():
    long = Card("k" * 300, "", ("p" * 300,), ("f" * 300,))
    left, _, right, _ = changed(long, Card("", ""), site="registry.example.org")
    assert left >= 60 and right <= WIDTH - 70


def test_lines_hold_every_word_in_order():
    lettering, lines = fitted(TITLES, "one two three four five six", 200, (60, 40), 9)
    assert " ".join(lines) == "one two three four five six" and len(lines) > 1
    assert all(lettering.width(line) <= 200 for line in lines)


def test_a_last_line_that_is_cut_says_so():
    _, lines = fitted(TITLES, "word " * 50, 200, (60, 40), 2)
    assert len(lines) == 2 and lines[-1].endswith("…")


def test_its_colours_are_those_of_the_light_theme():
    tokens = dict(re.findall(r"--([\w-]+): (#\w+);", TOKENS.read_text().partition("@media")[0]))
    named = {"paper": drawing.PAPER, "ink": drawing.INK, "muted": drawing.MUTED, "rule": drawing.RULE}
    named |= {"half-1": drawing.HALVES[0], "half-2": drawing.HALVES[1]}
    assert {name: tokens[name] for name in named} == named
