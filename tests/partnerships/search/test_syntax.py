"""What is typed into the query box, and how it is understood; no database is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.search.syntax import MAX_LENGTH, MAX_TERMS, parse

NAMES = frozenset({"country", "focus_area", "status", "signed_after"})


def shown(text: str) -> str:
    """The clauses in one line: ``[…]`` for quoted, ``-`` for excluded, ``…`` for a beginning."""

    def term(one) -> str:
        written = f"[{one.text}]" if one.quoted else one.text
        return "-" * one.excluded + written + "…" * one.beginning

    return " & ".join("|".join(term(one) for one in clause.terms) for clause in parse(text, NAMES).clauses)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", ""),
        ("   ", ""),
        ("KAIST", "KAIST…"),
        ("KAIST ", "KAIST"),
        ("KA", "KA"),
        ("카이", "카이…"),
        ("카", "카"),
        ("ΑΘ", "ΑΘ…"),
        ("Turing Institute", "Turing & Institute…"),
        ('"data science"', "[data science]"),
        ('"data science" KAIST', "[data science] & KAIST…"),
        ("“data science” „x y“ «a b»", "[data science] & [x y] & [a b]"),
        ("KAIST -defence", "KAIST & -defence"),
        ('KAIST -"national security"', "KAIST & -[national security]"),
        ("KAIST - defence", "KAIST & defence…"),
        ("KAIST-defence", "KAIST-defence…"),
        ("KAIST OR POSTECH quantum", "KAIST|POSTECH & quantum…"),
        ("KAIST|POSTECH quantum ", "KAIST|POSTECH & quantum"),
        ("a1 OR b2 OR c3 || d4 ", "a1|b2|c3|d4"),
        ("KAIST or POSTECH ", "KAIST & POSTECH"),
        ("OR KAIST ", "KAIST"),
        ("KAIST OR", "KAIST"),
        ("KAIST OR OR POSTECH ", "KAIST|POSTECH"),
        ("OR", ""),
        ("| || OR -", ""),
        ('"', ""),
        ('""', ""),
        ('" "', ""),
        ('-""', ""),
        ('"data science', "data & science…"),
        ('KAIST "data science" "AI', "KAIST & [data science] & AI"),
        ('foo"bar baz"', "foo & [bar baz]"),
        ("xyz:value", "xyz:value…"),
        ('xyz:"a value"', "xyz & [a value]"),
        ("https://example.org ", "https://example.org"),
        ("University of the Arts ", "University & Arts"),
        ("Universität für Musik und Kunst ", "Universität & Musik & Kunst"),
        ("the of", "the & of"),
        ("the", "the…"),
        ("the -KAIST", "the & -KAIST"),
        ('"of the"', "[of the]"),
        ("-the KAIST ", "-the & KAIST"),
        ("university of", "university"),
        ("KAIST\u202e\u200f AI\u0000now\u0007 ", "KAIST & AI & now"),
        ("می\u200cخواهم ", "می\u200cخواهم"),
        ("\ud800KAIST ", "KAIST"),
        ("100% _ \\ ", "100% & _ & \\"),
    ],
)
def test_clauses(text, clauses):
    assert shown(text) == clauses
    assert parse(text, NAMES).faults == []


@pytest.mark.parametrize(
    ("text", "fields", "clauses"),
    [
        ("country:KR", {"country": ["KR"]}, ""),
        ("Country:KR KAIST ", {"country": ["KR"]}, "KAIST"),
        ("country：KR", {"country": ["KR"]}, ""),
        ("country:KR country:JP", {"country": ["KR", "JP"]}, ""),
        ("country:KR OR country:JP", {"country": ["KR", "JP"]}, ""),
        ('country:"KR"', {"country": ["KR"]}, ""),
        ('quantum status:"in force" ', {"status": ["in force"]}, "quantum"),
        ("signed_after:2024-05-21", {"signed_after": ["2024-05-21"]}, ""),
        ("focus_area:a:b", {"focus_area": ["a:b"]}, ""),
        ("country:", {}, "country:…"),
        ('country:""', {}, ""),
        ("quantum country:KR", {"country": ["KR"]}, "quantum"),
        ("quantum OR country:", {}, "quantum|country:…"),
    ],
)
def test_filters(text, fields, clauses):
    parsed = parse(text, NAMES)
    assert (parsed.fields, parsed.faults, shown(text)) == (fields, [], clauses)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-country:KR", "country"),
        ('-country:"KR"', "country"),
        ("quantum OR country:KR", "country"),
        ("country:KR OR quantum", "country"),
        ("country:KR OR status:signed", "status"),
        (" ".join(f"w{number}" for number in range(MAX_TERMS + 1)), str(MAX_TERMS)),
        ("x" * (MAX_LENGTH + 1), str(MAX_LENGTH)),
    ],
)
def test_what_cannot_be_answered_is_said(text, fault):
    [said] = parse(text, NAMES).faults
    assert fault in said


def test_small_words_do_not_count():
    words = " ".join(f"w{number} of the" for number in range(MAX_TERMS))
    assert parse(words).faults == []


@pytest.mark.parametrize(
    ("text", "empty"), [("", True), (" \u202e", True), ("country:KR", True), ("OR", False), ("...", False)]
)
def test_whether_words_are_asked_for(text, empty):
    assert parse(text, NAMES).is_empty is empty


def test_terms_know_where_they_stand():
    text = 'KAIST|POSTECH -"data science" -AI xyz:"no name" Inst'
    parsed = parse(text, NAMES)
    terms = [term for clause in parsed.clauses for term in clause.terms]
    assert [parsed.text[term.start : term.end] for term in terms] == [term.text for term in terms]


@given(st.text(max_size=MAX_LENGTH + 10) | st.text('"|-: ORcountry%_\\\x00', max_size=100))
def test_nothing_that_can_be_typed_is_an_error(text):
    parsed = parse(text, NAMES)
    for clause in parsed.clauses:
        assert clause.terms
        for term in clause.terms:
            assert parsed.text[term.start : term.end] == term.text
            assert term.text.strip()
            assert '"' not in term.text
