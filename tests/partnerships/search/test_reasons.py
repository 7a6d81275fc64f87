"""Every record found says why: the best places that hold the words, with the words marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.search.agreements import read
from partnerships.search.corrections import Correction
from partnerships.search.extracts import LONGEST, marked
from partnerships.search.reasons import MOST, in_words, reasons

pytestmark = pytest.mark.django_db

KAIST = "Korea Advanced Institute of Science and Technology"
SUMMARY = (
    "Closer ties between British and South Korean research on artificial intelligence. The two plan "
    "research together, an exchange of knowledge and a sharing of scientific talent, and single out "
    "defence for closer work. Internships, placements and secondments are to follow; universities "
    "elsewhere are invited. Data are shared under the laws of both countries, and so is computing time."
)
PASSAGES = [
    ["title", "", "", "Memorandum of understanding between The Alan Turing Institute and KAIST"],
    ["party", "acronym", KAIST, "KAIST"],
    ["party", "label", KAIST, "한국과학기술원"],
    ["party", "name", KAIST, KAIST],
    ["party", "former", "Turing College", "Bletchley College"],
    ["party", "alias", "Turing College", "Turing"],
    ["parent", "name", "Ministry of Science", "Ministry of Science"],
    ["parent", "acronym", "Ministry of Science", "MoS"],
    ["activity", "", "", "Knowledge exchange"],
    ["event", "", "", "AI Seoul Summit 2024"],
    ["person", "name", "Song Chong", "Song Chong"],
    ["person", "native", "Song Chong", "정송"],
    ["person", "printed", "Dr. S. Chong", "Dr. S. Chong"],
    ["place", "", "", "Daejeon"],
    ["reference", "", KAIST, "K-2024/17"],
    ["subject", "", "", "Data science"],
    ["statement", "", "Tim Watson", "Said that AI poses challenges and opens opportunities."],
    ["summary", "", "", SUMMARY],
    ["term", "", "", "Five years, renewed tacitly"],
    ["termination", "", "", "By mutual consent"],
]


def said(typed: str, correction: Correction | None = None) -> list[str]:
    """Each reason in words, with the marked parts."""
    return [
        f"{in_words(reason)}: {' · '.join(piece.text for piece in reason.pieces if piece.is_match)}"
        for reason in reasons(read(typed), PASSAGES, correction)
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kaist", ["title: KAIST"]),
        ("turing kaist", ["title: Turing · KAIST"]),
        ("korea ", ["party: Korea"]),
        ("한국과학기술원은", [f"{KAIST} in another language: 한국과학기술원"]),
        ("과학", [f"{KAIST} in another language: 과학"]),
        ("bletchley", ["former name of Turing College: Bletchley"]),
        ("ministry", ["parent institution: Ministry"]),
        ("mos ", ["acronym of Ministry of Science, a parent institution: MoS"]),
        ("knowledge exchange", ["activity: Knowledge exchange"]),
        ('"knowledge exchange"', ["activity: Knowledge exchange"]),
        ("summit", ["event: Summit"]),
        ("song", ["person: Song"]),
        ("정송이", ["Song Chong in the own script: 정송"]),
        ("daejeon", ["place: Daejeon"]),
        ("K-2024/17", ["reference number: K-2024/17"]),
        ("data science", ["subject: Data science"]),
        ("challenge", ["statement of Tim Watson: challenges"]),
        ("universities", ["summary: universities"]),
        ("university", ["summary: universities"]),
        ("tacitly", ["term: tacitly"]),
        ("consent", ["termination: consent"]),
        # The fewest texts, from the best places that hold them all.
        ("kaist summit", ["title: KAIST", "event: Summit"]),
        ("turing data", ["title: Turing", "subject: Data"]),
        ("data laws", ["summary: Data · laws"]),
        ("kaist OR bletchley", ["title: KAIST"]),
        ("kaist -quantum", ["title: KAIST"]),
        ("kaist bletchley ministry summit daejeon",
         ["title: KAIST", "former name of Turing College: Bletchley", "parent institution: Ministry"]),
        # Nothing that could be marked is still a reason.
        ("-quantum", ["title: "]),
        ("quantum", ["title: "]),
    ],
)  # fmt: skip
def test_why(typed, expected):
    assert said(typed) == expected


def test_what_was_meant_is_said():
    correction = Correction(read("Turing Institute"), [("Turning", "Turing"), ("Institite", "Institute")])
    assert said("Turing Institute", correction) == ["title, similar to “Turning Institite”: Turing Institute"]
    correction = Correction(read("kaist Summit"), [("Sumit", "Summit")])
    assert said("kaist Summit", correction) == ["title: KAIST", "event, similar to “Sumit”: Summit"]


def test_ranges_are_those_of_the_text():
    [reason] = reasons(read("turing kaist"), PASSAGES)
    assert [reason.text[start:end] for start, end in reason.ranges] == ["Turing", "KAIST"]


def test_a_long_text_is_cut_around_the_words():
    [reason] = reasons(read("secondments placements"), PASSAGES)
    assert reason.text.startswith("…")
    assert reason.text.endswith("…")
    assert len(reason.text) <= LONGEST + 2
    assert [piece.text for piece in reason.pieces if piece.is_match] == ["placements", "secondments"]
    assert reason.value == SUMMARY


def test_a_record_without_texts_has_no_reason():
    assert reasons(read("kaist"), []) == []


@given(
    st.text("ab 가中é\n-", max_size=900),
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 300)), max_size=8),
)
def test_an_extract_is_part_of_the_text(value, starts):
    spans = [(start, start + length) for start, length in starts if start + length <= len(value)]
    pieces = marked(value, spans)
    assert all(piece.text for piece in pieces)
    shown = "".join(piece.text for piece in pieces).strip("…")
    assert shown in value
    assert len(shown) <= 2 * LONGEST
    if spans and len(value) <= LONGEST:
        assert any(piece.is_match for piece in pieces)


@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_is_asked_of_whatever_text(typed, values):
    passages = [["title", "", "", value] for value in values]
    found = reasons(read(typed), passages)
    assert 1 <= len(found) <= MOST
    assert all(in_words(reason) == "title" for reason in found)
