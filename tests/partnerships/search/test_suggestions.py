"""Names are found while somebody types, in any script and with slips, and every answer says why."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from partnerships.models import Country, CountryName, FindableName, Institution, InstitutionName
from partnerships.search.sql import COUNTRY_FILL
from partnerships.search.suggestions import suggest
from people.models import Person, PersonName
from tests.factories import (
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    UserFactory,
    make_public,
)

pytestmark = pytest.mark.django_db

#: The name that is shown, and further names: kind, language, value.
INSTITUTIONS = {
    "Korea Advanced Institute of Science and Technology": [
        ("acronym", "", "KAIST"), ("label", "ko", "한국과학기술원"), ("alias", "ko", "카이스트"),
    ],
    "The Alan Turing Institute": [("alias", "", "Turing")],
    "Seoul National University": [("label", "ko", "서울대학교"), ("acronym", "", "SNU")],
    "Peking University": [("label", "zh", "北京大学"), ("acronym", "", "PKU")],
    "University of Tokyo": [("label", "ja", "東京大学"), ("alias", "ja", "とうきょうだいがく")],
    "King Saud University": [("label", "ar", "جامعة الملك سعود")],
    "Istanbul University": [("label", "tr", "İstanbul Üniversitesi")],
    "Łódź University of Technology": [("label", "pl", "Politechnika Łódzka")],
    "University of Giessen": [("label", "de", "Justus-Liebig-Universität Gießen")],
    "École Polytechnique": [("acronym", "", "l’X")],
    "ETH Zurich": [("label", "de", "Eidgenössische Technische Hochschule Zürich")],
    "National and Kapodistrian University of Athens": [
        ("label", "el", "Εθνικό και Καποδιστριακό Πανεπιστήμιο Αθηνών"),
    ],
    "University of Delhi": [("label", "hi", "दिल्ली विश्वविद्यालय")],
    "Chulalongkorn University": [("label", "th", "จุฬาลงกรณ์มหาวิทยาลัย")],
    "Taras Shevchenko National University of Kyiv": [
        ("label", "uk", "Київський національний університет імені Тараса Шевченка"),
    ],
    "Utrecht University": [("former", "la", "Academia Rheno-Traiectina")],
    "Sorbonne University": [("former", "fr", "Université Pierre et Marie Curie"), ("former", "", "UPMC")],
    "Università degli Studi di Siena": [],
    "AT&T (United States)": [],
    "São Paulo State University": [("acronym", "", "UNESP")],
}  # fmt: skip

#: What is typed, what comes first, by which kind of name, and whether it is only similar.
EXPECTED = [
    ("KAIST", "Korea Advanced", "acronym", False),
    ("kaist", "Korea Advanced", "acronym", False),
    ("Ｋ\uff21\uff29\uff33\uff34", "Korea Advanced", "acronym", False),
    ("Kaits", "Korea Advanced", "acronym", True),
    ("카이스트", "Korea Advanced", "alias", False),
    ("카이", "Korea Advanced", "alias", False),
    ("카이스투", "Korea Advanced", "alias", True),
    ("한국과학기술원", "Korea Advanced", "label", False),
    ("한국과학기술원은", "Korea Advanced", "label", False),
    ("한국과학기술원에서", "Korea Advanced", "label", False),
    ("한국과힉기술원", "Korea Advanced", "label", True),
    ("과학기술원", "Korea Advanced", "label", False),
    ("기술", "Korea Advanced", "label", False),
    ("korea adv", "Korea Advanced", "name", False),
    ("advanced institute", "Korea Advanced", "name", False),
    ("technology korea", "Korea Advanced", "name", False),
    ("institute of scinece and tecnology", "Korea Advanced", "name", True),
    ("turing", "The Alan Turing Institute", "alias", False),
    ("turing institute", "The Alan Turing Institute", "name", False),
    ("Turning Institute", "The Alan Turing Institute", "name", True),
    ("Turning Institite", "The Alan Turing Institute", "name", True),
    ("alan turing inst", "The Alan Turing Institute", "name", False),
    ("서울", "Seoul National University", "label", False),
    ("서울대", "Seoul National University", "label", False),
    ("서울대학교와", "Seoul National University", "label", False),
    ("seoul", "Seoul National University", "name", False),
    ("snu", "Seoul National University", "acronym", False),
    ("北京大学", "Peking University", "label", False),
    ("北京", "Peking University", "label", False),
    ("東京", "University of Tokyo", "label", False),
    ("東京大学", "University of Tokyo", "label", False),
    ("とうきょう", "University of Tokyo", "alias", False),
    ("الملك سعود", "King Saud University", "label", False),
    ("جامعه الملك سعود", "King Saud University", "label", False),
    ("جَامِعَة المَلِك", "King Saud University", "label", False),
    ("istanbul universitesi", "Istanbul University", "label", False),
    ("İSTANBUL", "Istanbul University", "name", False),
    ("lodz", "Łódź University of Technology", "name", False),
    ("politechnika lodzka", "Łódź University of Technology", "label", False),
    ("justus liebig", "University of Giessen", "label", False),
    ("universitat giessen", "University of Giessen", "label", False),
    ("giesen", "University of Giessen", "name", True),
    ("ecole polytechnique", "École Polytechnique", "name", False),
    ("ÉCOLE POLYTECHNIQUE", "École Polytechnique", "name", False),
    ("ecole polytecnique", "École Polytechnique", "name", True),
    ("lx", "École Polytechnique", "acronym", False),
    ("eth", "ETH Zurich", "name", False),
    ("hochschule zürich", "ETH Zurich", "label", False),
    ("hochschule zurich", "ETH Zurich", "label", False),
    ("πανεπιστημιο αθηνων", "National and Kapodistrian", "label", False),
    ("ΚΑΠΟΔΙΣΤΡΙΑΚΟ", "National and Kapodistrian", "label", False),
    ("दिल्ली", "University of Delhi", "label", False),
    ("จุฬาลงกรณ์", "Chulalongkorn University", "label", False),
    ("chulalongkorm", "Chulalongkorn University", "name", True),
    ("київський", "Taras Shevchenko", "label", False),
    ("шевченка", "Taras Shevchenko", "label", False),
    ("академ", None, None, None),
    ("rheno traiectina", "Utrecht University", "former", False),
    ("upmc", "Sorbonne University", "former", False),
    ("pierre et marie curie", "Sorbonne University", "former", False),
    ("academia rhenotraiectina", "Utrecht University", "former", True),
    ("ETH Zruich", "ETH Zurich", "name", True),
    ("Universityof Giessen", "University of Giessen", "name", True),
    ("University fo Giessen", "University of Giessen", "name", True),
    ("universal zebra university", None, None, None),
    ("siena", "Università degli Studi di Siena", "name", False),
    ("universita siena", "Università degli Studi di Siena", "name", False),
    ("at&t", "AT&T (United States)", "name", False),
    ("AT T", "AT&T (United States)", "name", False),
    ("sao paulo", "São Paulo State University", "name", False),
    ("unesp", "São Paulo State University", "acronym", False),
    ("university of", "University of Tokyo", "name", False),
    ("zzzzzz", None, None, None),
    ("%", None, None, None),
    ("...", None, None, None),
]


@pytest.fixture
def registry():
    for name, further in INSTITUTIONS.items():
        institution = InstitutionFactory(name=name, visibility="public")
        for kind, language, value in further:
            institution.names.create(value=value, kind=kind, language=language)


def test_what_is_typed_finds_what_is_meant(registry, anonymous):
    wrong = []
    for typed, name, kind, similar in EXPECTED:
        first = next(iter(suggest(typed, user=anonymous)), None)
        found = first and (first.record.name, first.name_kind, first.similar)
        if (first is None) != (name is None) or (
            first and not (found[0].startswith(name) and found[1:] == (kind, similar))
        ):
            wrong.append((typed, name, kind, similar, found))
    assert not wrong


def test_people_subjects_and_events_too(anonymous):
    person = PersonFactory(name="Song Chong")
    person.names.create(value="정송", kind="native", language="ko")
    subject, event = FocusAreaFactory(name="Data science"), EventFactory(name="AI Seoul Summit 2024")
    make_public(person, subject, event)
    for typed, record, resource in [
        ("정송", person, "people"),
        ("chong", person, "people"),
        ("data sci", subject, "focus-areas"),
        ("seoul sumit", event, "events"),
    ]:
        found, *_ = suggest(typed, user=anonymous)
        assert (found.record, found.resource) == (record, resource)
    assert suggest("chong", user=anonymous, resources=["events"]) == []


#: What is typed, the country that comes first, its name, the kind of name, and whether it is only similar.
COUNTRIES = [
    ("South Korea", "KR", "South Korea", "name", False),
    ("Sout Korea", "KR", "South Korea", "name", True),
    ("south koera", "KR", "South Korea", "name", True),
    ("Kor", "KR", "Korea", "alias", False),
    ("korea", "KR", "Korea", "alias", False),
    ("korea, republic", "KR", "Korea, Republic of", "alias", False),
    ("KR", "KR", "KR", "code", False),
    ("kr", "KR", "KR", "code", False),
    ("uk", "GB", "UK", "alias", False),
    ("united k", "GB", "United Kingdom", "name", False),
    ("kingdom of s", "ES", "Kingdom of Spain", "official", False),
    ("USA", "US", "USA", "alias", False),
    ("United States of America", "US", "United States of America", "official", False),
    ("Cote d'Ivoire", "CI", "Côte d'Ivoire", "name", False),
    ("CÔTE D’IVOIRE", "CI", "Côte d'Ivoire", "name", False),
    ("cote divoir", "CI", "Côte d'Ivoire", "name", False),
    ("ivory coast", "CI", "Ivory Coast", "alias", False),
    ("germny", "DE", "Germany", "name", True),
    ("Allemagne", "DE", "Allemagne", "label", False),
    ("Turkey", "TR", "Turkey", "alias", False),
    ("한국", "KR", "한국", "alias", False),
    ("대한민국", "KR", "대한민국", "label", False),
    ("대한민국은", "KR", "대한민국", "label", False),
    ("日本", "JP", "日本", "label", False),
    ("南韓", "KR", "南韓", "label", False),
    ("مصر", "EG", "مصر", "label", False),
    ("Россия", "RU", "Россия", "alias", False),
    ("मिस्र", "EG", "मिस्र", "label", False),
    ("zzzzzz", None, None, None, None),
]


def test_countries_too(anonymous):
    wrong = []
    for typed, *expected in COUNTRIES:
        first = next(iter(suggest(typed, user=anonymous)), None)
        found = [first.record.code, first.name, first.name_kind, first.similar] if first else [None] * 4
        if found != expected:
            wrong.append((typed, expected, found))
    assert not wrong


def test_any_word_of_a_country_may_be_the_beginning(anonymous):
    for typed, codes in (("zeal", {"NZ"}), ("guin", {"GN", "GQ", "GW", "PG"}), ("uni", {"US", "GB", "AE"})):
        found = suggest(typed, user=anonymous, limit=len(codes))
        assert {one.record.code for one in found} == codes
        assert {(one.name_kind, one.similar) for one in found} == {("name", False)}


def test_a_country_is_found_among_very_many_institutions(anonymous):
    """Their names are so many that a road through all of them ends before it comes to hers."""
    Institution.objects.bulk_create(
        Institution(name=f"Korea Institute {number}", visibility="public") for number in range(1_600)
    )
    found = suggest("korea", user=anonymous, limit=5)
    assert {one.record.uid for one in found[:2]} == {"KR", "KP"}
    assert {one.resource for one in found} == {"countries", "institutions"}


def test_a_space_that_was_left_out_is_found_among_many(anonymous):
    Institution.objects.bulk_create(
        Institution(name=f"Seoul National Heart Center {number}", visibility="public")
        for number in range(900)
    )
    wanted = InstitutionFactory(name="Seoul National Cancer Center")
    make_public(wanted)
    [first, *_] = suggest("Seoul National CancerCenter", user=anonymous)
    assert first.record == wanted
    assert first.similar


def test_a_record_is_suggested_once_by_its_nearest_name(anonymous):
    institution = InstitutionFactory(name="Kaist Institute", visibility="public")
    for value in ("KAIST", "Kaist school", "Kaist college"):
        institution.names.create(value=value, kind="alias")
    [found] = suggest("kaist", user=anonymous)
    assert found.name == "KAIST"


def test_the_gate(anonymous):
    InstitutionFactory(name="Hidden Institute")
    shown = InstitutionFactory(name="Hidden Institutes Abroad", visibility="public")
    assert [found.record for found in suggest("hidden institute", user=anonymous)] == [shown]
    assert len(suggest("hidden institute", user=UserFactory())) == 2


def test_the_limit(anonymous):
    for number in range(30):
        InstitutionFactory(name=f"College {number}", visibility="public")
    assert len(suggest("college", user=anonymous, limit=7)) == 7


class TestTheIndexFollows:
    """Whatever code path writes, the index says what the tables say."""

    def names(self) -> set[tuple]:
        rows = FindableName.objects.exclude(kind="country")
        return set(rows.values_list("kind", "target", "value", "name_kind"))

    def true_names(self) -> set[tuple]:
        rows = {("institution", row.pk, row.name, "name") for row in Institution.objects.all()}
        rows |= {("institution", r.institution_id, r.value, r.kind) for r in InstitutionName.objects.all()}
        rows |= {("person", row.pk, row.name, "name") for row in Person.objects.all()}
        return rows | {("person", row.person_id, row.value, row.kind) for row in PersonName.objects.all()}

    def test_every_way_of_writing(self, anonymous):
        one, two = InstitutionFactory(name="First"), InstitutionFactory(name="Second")
        Institution.objects.bulk_create([Institution(name="Third"), Institution(name="Fourth")])
        name = one.names.create(value="Alias", kind="alias")
        person = PersonFactory()
        person.names.create(value="Other", kind="alias")
        assert self.names() == self.true_names()

        Institution.objects.filter(pk=two.pk).update(name="Renamed", visibility="public")
        InstitutionName.objects.filter(pk=name.pk).update(institution=two, kind="former")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_person SET name = upper(name)")
        assert self.names() == self.true_names()
        assert [found.record for found in suggest("alias", user=anonymous)] == [two]
        assert suggest("second", user=anonymous) == []

        one.delete()
        person.delete()
        name.delete()
        assert self.names() == self.true_names()

    def test_a_change_of_something_else_writes_nothing(self):
        one = InstitutionFactory()
        name = FindableName.objects.filter(kind="institution")
        before = name.get().pk
        Institution.objects.filter(pk=one.pk).update(city="Daejeon")
        assert name.get().pk == before

    def test_names_of_countries(self, anonymous):
        def names() -> set[tuple[str, str]]:
            rows = FindableName.objects.filter(kind="country", target=int.from_bytes(b"QQ"))
            return set(rows.values_list("value", "name_kind"))

        country = Country.objects.create(code="QQ", name="Ruritania", official_name="Kingdom of Ruritania")
        label = country.names.create(value="Ruritanien", language="de")
        assert names() == {
            ("Ruritania", "name"),
            ("Kingdom of Ruritania", "official"),
            ("QQ", "code"),
            ("Ruritanien", "label"),
        }
        Country.objects.filter(code="QQ").update(name="Zenda", official_name="")
        CountryName.objects.filter(pk=label.pk).update(value="Sonda", language="es")
        assert names() == {("Zenda", "name"), ("QQ", "code"), ("Sonda", "label")}
        assert suggest("ruritania", user=anonymous) == []
        country.delete()
        assert names() == set()

    def test_filling_again_changes_nothing(self):
        def names() -> set[tuple]:
            rows = FindableName.objects.filter(kind="country")
            return set(rows.values_list("target", "origin", "origin_row", "value", "name_kind", "language"))

        before = names()
        assert len(before) > 5_000
        with connection.cursor() as cursor:
            for statement in COUNTRY_FILL:
                cursor.execute(statement)
        import_module("partnerships.migrations.0011_names_of_countries").seed_names(apps, None)
        assert names() == before

    @pytest.mark.parametrize("name", ["가" * 500, "x" * 500, "…!?", "a " * 250, "\u0301\u0301", "𠮷" * 500])
    def test_any_name_can_be_stored(self, anonymous, name):
        institution = InstitutionFactory(name=name, visibility="public")
        found = suggest(name, user=anonymous, resources=["institutions"])
        assert [one.record for one in found] in ([institution], [])
