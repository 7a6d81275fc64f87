"""Names, dates and numbers as the reader's language has them, where they are known."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from partnerships.models import Institution
from partnerships.partial_dates import PartialDate, spoken
from partnerships.querysets.readers_names import name_for_reader, names_of
from partnerships.search.tsquery import compile_clauses
from partnerships.templatetags.registry import about, counted, language, when
from tests.factories import InstitutionFactory, PersonFactory
from tests.partnerships.views.records import full_agreement, seed_agreement
from tests.partnerships.views.test_query_counts import LISTS, QUESTION, _shared

pytestmark = pytest.mark.django_db
KAIST = "Korea Advanced Institute of Science and Technology"


def test_an_institution_is_called_what_the_reader_calls_it():
    record = seed_agreement()
    korean = Client().get(f"/ko/agreements/{record.uid}/").content.decode()
    assert "한국과학기술원" in korean
    assert "The Alan Turing Institute" in korean, "another name is not known"
    assert "대한민국" in korean
    english = Client().get(f"/agreements/{record.uid}/").content.decode()
    assert KAIST in english


def test_only_a_name_in_the_readers_language_counts(django_assert_num_queries):
    named, unnamed = InstitutionFactory.create_batch(2)
    named.names.create(value="가나다 연구원", language="ko")
    named.names.create(value="가나다", kind="alias", language="ko")
    named.names.create(value="Institut", language="de")
    unnamed.names.create(value="KAIST", kind="acronym")
    with translation.override("ko"), django_assert_num_queries(1):
        assert names_of("partnerships.Institution", [named.pk, unnamed.pk]) == {named.pk: "가나다 연구원"}
    with django_assert_num_queries(0):
        assert names_of("partnerships.Institution", [named.pk]) == {}
        name_for_reader([named])
    assert str(named) == named.name


@pytest.mark.parametrize(
    ("picture", "names"),
    [
        ("network/", ("한국과학기술원",)),
        ("network/?nodes=countries", ("대한민국", "영국")),
        ("timeline/?by=institution", ("한국과학기술원",)),
        ("timeline/?by=country", ("대한민국", "영국")),
        ("map/", ("한국과학기술원", "대한민국")),
    ],
)
def test_pictures_say_the_names_too(picture, names):
    seed_agreement()
    Institution.objects.filter(country="KR").update(city="Daejeon", latitude=36.35, longitude=127.38)
    korean = Client().get(f"/ko/explore/{picture}").content.decode()
    drawn = korean[korean.index('class="results"') :]
    assert all(name in drawn for name in names)
    assert "South Korea" not in drawn and "United Kingdom" not in drawn


def test_a_person_is_written_in_the_own_script():
    person = PersonFactory(name="Song Jung")
    person.names.create(value="송정", kind="native", language="ko")
    with translation.override("ko"):
        name_for_reader({"person": person})
    assert str(person) == "송정"
    assert person.name == "Song Jung"


@pytest.mark.parametrize(
    ("date", "english", "korean"),
    [
        ("2024", "2024", "2024년"),
        ("2024-05", "May 2024", "2024년 5월"),
        ("2024-05-21", "21 May 2024", "2024년 5월 21일"),
        ("1000-01-01", "1 January 1000", "1000년 1월 1일"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(date, english, korean):
    value = PartialDate.parse(date)
    assert spoken(value) == english
    with translation.override("ko"):
        assert spoken(value) == korean
        assert when(value) == f'<time datetime="{date}">{korean}</time>'
        assert when(None) == '<span class="unknown">알 수 없음</span>'


def test_numbers_languages_and_what_is_counted():
    assert counted(1, "agreement") == "1 agreement"
    assert counted(1234, "person") == "1,234 people"
    assert language("ko") == "Korean"
    with translation.override("ko"):
        assert counted(1234, "agreement") == "협정 1,234건"
        assert language("ko") == "한국어"
        assert about(type("Count", (), {"is_exact": True, "value": 1234})) == "1,234"


def statements(client, path: str) -> int:
    compile_clauses.cache_clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    return len(captured)


def test_names_cost_a_few_statements_however_many_are_shown(client, monkeypatch):
    """Held against the same page in English, whose figures stand in ``query_counts.json``."""
    monkeypatch.setattr("partnerships.search.answers._known_cards", lambda: 1)
    monkeypatch.setattr("partnerships.querysets.document_texts._known", (float("inf"), False))
    # On a busy machine a number that took long to count is kept, and asked for once only.
    monkeypatch.setattr("partnerships.views.home._LONG", float("inf"))
    more = {}
    for rows in (3, 12):
        for _ in range(rows):
            full_agreement(signed_on="2024")
        records = {name: f"/{name}/{uid}/" for name, uid in _shared(rows).items()}
        records["agreements"] = f"/agreements/{full_agreement(rows).uid}/"
        for name, path in [*records.items(), *((path, path) for path in ["/", *LISTS, QUESTION])]:
            more.setdefault(name, []).append(statements(client, f"/ko{path}") - statements(client, path))
    assert {name: both for name, both in more.items() if len(set(both)) > 1} == {}
    # Institutions, countries and people; on lists as well those among the choices of each facet.
    assert max(most for _, most in more.values()) <= 8, more
