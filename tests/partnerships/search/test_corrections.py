"""Where nothing answers, what may have been meant is looked for: among what the visitor may see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import IndexCard
from partnerships.search.agreements import read
from partnerships.search.corrections import corrected
from partnerships.search.slips import distance
from tests.factories import AgreementFactory, InstitutionFactory, administrator, publish_now

pytestmark = pytest.mark.django_db


def pact(title: str, *parties: str, published: bool = True, **facts):
    """An agreement of institutions with these names, and of two more."""
    names = (*parties, "Third Partner", "Fourth Partner")
    institutions = [InstitutionFactory(name=name, visibility="public") for name in names]
    visibility = {} if "restricted" in facts else {"visibility": "public"}
    agreement = AgreementFactory(title=title, parties=institutions, **visibility | facts)
    if published:
        publish_now(agreement)
    return agreement


def meant(typed: str, user, cards=None) -> str | None:
    names = frozenset({"country"})
    found = corrected(read(typed, names), IndexCard.objects.visible_to(user) if cards is None else cards)
    return found and found.text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Turning Institite", "Turing Institute"),
        ("turing institite", "turing Institute"),
        ("Turinginstitute", "Turing Institute"),
        ("Tur ing", "Turing"),
        ("kaits", "KAIST"),
        ("kaisst", "KAIST"),
        ("kist", "KAIST"),
        ("kqist", "KAIST"),
        ("한국과힉기술원", "한국과학기술원"),
        ("한국 과학기술원과 Turng", "한국 과학기술원과 Turing"),
        ("qanttum turing", "Quantum turing"),
        ("qanttumm turing", None),
        ("qantum turing", "Quantum turing"),
        ("qantum OR zzzz", "Quantum OR zzzz"),
        ("qantum -kaist country:GB", None),
        ("qantum -postech country:GB", "Quantum -postech country:GB"),
        ('"data science" kaits', '"data science" KAIST'),
        ('"data sciense" kaits', None),
        ('"qantum"', None),
        ("-qantum", None),
        ("kaist -quantum", None),
        ("zzzzzz", None),
        ("zz", None),
        ("%", None),
        ("", None),
    ],
)
def test_what_may_be_meant(anonymous, typed, text):
    pact("Quantum computing and data science", "The Alan Turing Institute", "KAIST", "한국과학기술원")
    assert meant(typed, anonymous) == text


def test_words_that_stand_alone_elsewhere_are_corrected_too(anonymous):
    """Both words are known, but not together."""
    pact("Turning points of history", "Museum of London")
    pact("Machine learning", "The Alan Turing Institute")
    found = corrected(read("turning institute"), IndexCard.objects.visible_to(anonymous))
    assert (found.text, found.changes) == ("Turing institute", [("turning", "Turing")])


def test_fewer_slips_before_more_records_and_more_before_fewer(anonymous):
    pact("Studies of maritime lav")
    for _ in range(3):
        pact("Studies of maritime lawn")
    assert meant("lavn", anonymous) == "lawn"
    pact("Lavns of the north")
    assert meant("lavnss", anonymous) == "Lavns"


@pytest.mark.parametrize("hidden", [{"visibility": "internal"}, {"restricted": True}, {"published": False}])
def test_a_word_of_a_hidden_record_is_never_proposed(anonymous, hidden):
    staff = administrator()
    pact("Zirconium alloys", "Hidden Party", **hidden)
    pact("Copper alloys", "Open Party")
    assert meant("zirconiun alloys", anonymous) is None
    assert meant("zirconiun", anonymous) is None
    assert meant("zirconiumalloys", anonymous) is None
    assert meant("zirco nium", anonymous) is None
    assert meant("zirconiun alloys", staff) == "Zirconium alloys"


def test_a_word_of_a_hidden_record_counts_for_nothing(anonymous):
    """Of two words that are as near, the one that more visible records carry is taken."""
    for _ in range(5):
        pact("Mattocks", visibility="internal")
    pact("Matticks")
    assert meant("mattacks", anonymous) == "Matticks"
    assert meant("mattacks", administrator()) == "Mattocks"


def test_other_filters_narrow_what_is_proposed(anonymous):
    pact("Zirconium alloys", type="framework")
    cards = IndexCard.objects.visible_to(anonymous)
    assert meant("zirconiun", anonymous, cards) == "Zirconium"
    words = cards.filter(words__answers="'copper'")
    assert meant("zirconiun", anonymous, words) is None


def test_the_work_is_bounded(anonymous, django_assert_max_num_queries):
    pact("Alloys of copper, zinc, brass and bronze for bridges and bells")
    typed = "aloys coper zinz bras bronse briges bels"
    with django_assert_max_num_queries(8):
        assert meant(typed, anonymous) == "Alloys copper zinc brass bronze bridges bells"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0), ("a", "", 1), ("turing", "turning", 1), ("institite", "institute", 1),
        ("kaits", "kaist", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3),
    ],
)  # fmt: skip
def test_distance(one, other, slips):
    assert distance(one, other) == distance(other, one) == slips


@given(st.text("abc", max_size=7), st.integers(0, 7), st.sampled_from("abc"))
def test_one_slip_is_one(word, place, letter):
    place = min(place, len(word))
    assert distance(word, word[:place] + letter + word[place:]) == 1
    if place < len(word):
        assert distance(word, word[:place] + word[place + 1 :]) == 1
        assert distance(word, word[:place] + letter + word[place + 1 :]) <= 1
    if place + 1 < len(word):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        assert distance(word, swapped) <= 1
