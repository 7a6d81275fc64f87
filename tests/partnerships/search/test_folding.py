"""Texts are folded in Python as in SQL, so that what was found is marked where it stands."""

import unicodedata

import pytest
from django.db import connection

from partnerships.search.folding import folded_words, quickly, stretches

#: Letters that institutions and people are written with.
ALPHABETS = [
    ("\u0020", "\u024f"),
    ("\u0370", "\u052f"),
    ("\u0531", "\u06ff"),
    ("\u0900", "\u0eff"),
    ("\u10a0", "\u11ff"),
    ("\u1e00", "\u1fff"),
    ("\u3040", "\u318f"),
    ("\u4e00", "\u9fff"),
    ("\uac00", "\ud7a3"),
    ("\ufb00", "\ufdf9"),
    ("\ufe70", "\uffef"),
]


@pytest.mark.django_db
def test_letters_fold_as_in_sql():
    signs = [chr(code) for first, last in ALPHABETS for code in range(ord(first), ord(last) + 1)]
    texts = [f"a{sign}b {sign}" for sign in signs if unicodedata.category(sign)[0] in "LMN"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text, folded_name(text) FROM unnest(%s::text[]) AS text WHERE folded_name(text) <> ''",
            [texts],
        )
        pairs = cursor.fetchall()
    otherwise = [text for text, folded in pairs if " ".join(folded_words(text)) != folded]
    assert len(pairs) > 30_000
    # Rare letters of phonetics and old orthographies.
    assert len(otherwise) <= 40, otherwise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Alan Turing Institute", ["the", "alan", "turing", "institute"]),
        ("Łódź, Gießen & Århus", ["lodz", "giessen", "arhus"]),
        ("Rheno-Traiectina_2024", ["rheno", "traiectina", "2024"]),
        ("Canada’s ‘own’", ["canadas", "own"]),
        ("ΑΘΗΝΩΝ ΣΟΦΟΣ", ["αθηνων", "σοφοσ"]),
        ("جَامِعَة", ["جامعه"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_words_of_a_text(text, words):
    assert [stretch.folded[0] for stretch in stretches(text)] == words


def test_a_word_knows_where_it_stands():
    text = "« l’Université » ﬁnds 東京大学とKAIST"
    assert [text[one.start : one.end] for one in stretches(text)] == [
        "l’Université",
        "ﬁnds",
        "東京大学とKAIST",
    ]


def test_a_word_stands_without_its_article_and_without_its_particle_too():
    [leaning, mixed] = stretches("dell’Università KAIST와")
    assert "universita" in leaning.folded
    assert "kaist" in mixed.folded


@pytest.mark.parametrize(
    "text",
    [
        "Université de l’Île-de-France", "Straße_und Platz", "ŁÓDŹ đ ħ", "İstanbul Iğdır", "ΟΔΟΣ ὁδός",
        "한국과학기술원은 AI정상회의", "東京大学", "جامعة الملك", "Ёлка и чай", "ﬁnance ２０２４",
        "O'Neil ʻokina",
    ],
)  # fmt: skip
def test_a_text_folded_quickly_holds_every_word_of_it(text):
    folded = quickly(text)
    if folded is not None:
        words = [word for stretch in stretches(text) for word in stretch.folded]
        assert [word for word in words if word not in folded] == []


def test_what_folds_in_another_way_is_not_folded_quickly():
    assert [quickly(text) for text in ("straße", "łódź", "ΟΔΟΣ", "جامعة")] == [None] * 4
    assert quickly("Café NOIR") == "cafe noir"
