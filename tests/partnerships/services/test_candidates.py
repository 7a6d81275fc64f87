"""A name leads to the institutions that it may mean, each with a reason that a person understands."""

import pytest

from partnerships.choices import InstitutionState, LinkKind
from partnerships.models import InstitutionLink, InstitutionName
from partnerships.services.candidates import candidates
from tests.factories import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db

OXFORD = "052gg0110"


@pytest.fixture
def staff():
    return UserFactory(is_superuser=True)


@pytest.fixture
def kaist():
    found = InstitutionFactory(
        name="Korea Advanced Institute of Science and Technology", country_id="KR", ror_id="05apxxy63"
    )
    for kind, language, value in [
        ("label", "ko", "한국과학기술원"),
        ("acronym", "", "KAIST"),
        ("former", "en", "Korea Advanced Institute of Science"),
        ("alias", "", "Kaist Daejeon"),
    ]:
        InstitutionName.objects.create(institution=found, kind=kind, language=language, value=value)
    return found


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("korea advanced institute of SCIENCE and technology", "same name, same country"),
        ("한국과학기술원", "its name in Korean, same country"),
        ("K.A.I.S.T", "acronym of if written “KAIST”, same country"),
        ("Kaiserslautern", None),
        ("KAIST", "acronym of, same country"),
        ("Korea Advanced Institute of Science", "former name of, same country"),
        ("Kaist Daejeon", "also known as this, same country"),
        ("Korea Advanced Institute of Sience and Technology", "98 % similar, same country"),
        (
            "KAIST (Korea Advanced Institute of Science and Technology)",
            "same name if written “Korea Advanced Institute of Science and Technology”, same country",
        ),
        (
            "Korea Advanced Inst. of Sci. and Tech.",
            "same name if written “Korea Advanced Institute of Science and Technology”, same country",
        ),
        (
            "Korea Advanced Institute of Science and Technology, Daejeon",
            "same name if written “Korea Advanced Institute of Science and Technology”, same country",
        ),
    ],
)
def test_reason_says_how_the_name_belongs_to_it(kaist, staff, name, reason):
    found = candidates(name=name, user=staff, country="KR")
    assert [one.institution for one in found] == ([kaist] if reason else [])
    if reason:
        assert found[0].reason == reason


def test_whole_name_of_one_institution_is_certain_and_a_similar_one_never(kaist, staff):
    assert candidates(name=kaist.name, user=staff, country="KR")[0].certain
    assert candidates(name=kaist.name, user=staff)[0].certain
    assert not candidates(name=kaist.name[:-1], user=staff, country="KR")[0].certain
    assert not candidates(name="KAIST", user=staff, country="KR")[0].certain
    # The campus, the company of a country: somebody has to look.
    assert not candidates(name=f"{kaist.name}, Berkeley", user=staff, country="KR")[0].certain
    assert not candidates(name=f"{kaist.name} (Berkeley)", user=staff, country="KR")[0].certain


def test_the_same_name_in_another_country_is_told_and_comes_after(staff):
    here = InstitutionFactory(name="Ministry of Health", country_id="KE")
    there = InstitutionFactory(name="Ministry of Health", country_id="PE")
    nowhere = InstitutionFactory(name="Ministry of Health", country_id=None)
    found = candidates(name="Ministry of Health", user=staff, country="ke")
    assert [one.institution for one in found] == [here, nowhere, there]
    assert found[2].reason == "same name, another country (Peru)"
    assert found[1].reason == "same name, country not known"
    # The one without a country may be the one meant.
    assert not any(one.certain for one in found)
    nowhere.delete()
    assert [one.certain for one in candidates(name="Ministry of Health", user=staff, country="KE")] == [
        True,
        False,
    ]
    assert not any(one.certain for one in candidates(name="Ministry of Health", user=staff))


@pytest.mark.parametrize("written", [OXFORD, f"https://ror.org/{OXFORD}", f"ror.org/{OXFORD.upper()}/"])
def test_ror_id_settles_the_question_in_any_written_form(staff, written):
    oxford = InstitutionFactory(name="University of Oxford", ror_id=OXFORD)
    for found in (
        candidates(name="Something else", user=staff, identifier=written),
        candidates(name=written, user=staff),
    ):
        assert [(one.institution, one.score, one.reason, one.certain) for one in found] == [
            (oxford, 100, "same ROR id", True)
        ]


def test_uid_is_an_identifier_and_an_unknown_one_leaves_the_name_to_decide(staff, kaist):
    assert candidates(name="?", user=staff, identifier=kaist.uid)[0].reason == "same id"
    found = candidates(name=kaist.name, user=staff, identifier="https://ror.org/052gg0110")
    assert found[0].institution == kaist


def test_a_closed_institution_names_its_successor(staff):
    old = InstitutionFactory(name="Paris Diderot University", state=InstitutionState.INACTIVE)
    new = InstitutionFactory(name="Paris Cité University")
    InstitutionLink.objects.create(institution=new, kind=LinkKind.PREDECESSOR, target=old)
    (found,) = candidates(name="Paris Diderot University", user=staff)
    assert found.reason == "same name; closed; succeeded by Paris Cité University"


def test_a_hidden_institution_or_successor_is_no_candidate_for_the_public(anonymous, staff):
    hidden = InstitutionFactory(name="Zeppelin Secret Works")
    assert candidates(name=hidden.name, user=anonymous) == []
    assert candidates(name="?", user=anonymous, identifier=hidden.uid) == []
    closed = InstitutionFactory(name="Open Works", state=InstitutionState.INACTIVE, visibility="public")
    InstitutionLink.objects.create(institution=hidden, kind=LinkKind.PREDECESSOR, target=closed)
    assert candidates(name="Open Works", user=anonymous)[0].reason == "same name; closed"


@pytest.mark.parametrize("name", ["", "   ", "\x00", "…", "%", "_" * 600, "a" * 100_000, "x' OR 1=1 --", "🜁"])
def test_nonsense_finds_nothing_and_breaks_nothing(staff, kaist, name):
    assert candidates(name=name, user=staff, country="Korea", identifier="\x00") == []


def test_the_number_of_statements_does_not_grow_with_what_is_found(staff, counted_queries):
    for place in range(30):
        InstitutionFactory(name=f"Institute of Physics {place}", state=InstitutionState.INACTIVE)
    with counted_queries("candidates"):
        assert len(candidates(name="Institute of Physics 777", user=staff, country="GB")) == 5
