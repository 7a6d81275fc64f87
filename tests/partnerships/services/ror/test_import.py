"""An import brings institutions in step with ROR, again and again, and takes nothing of others."""

import pytest
from django.apps import apps

from partnerships.models import Institution, InstitutionLink, PendingInstitutionLink
from partnerships.querysets.institutions import relatives
from partnerships.services.ror import import_ror, resolve_pending_links
from tests.factories import InstitutionFactory

from .records import dump, named, place, record, related, ror

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """Import records and return the report; ``bring.reasons`` are those of the last refusals."""

    def run(*records):
        refusals = []
        report = import_ror(path=dump(tmp_path, *records), on_refusal=refusals.append)
        run.reasons = [str(refusal) for refusal in refusals]
        return report

    return run


def history_rows() -> dict[str, int]:
    models = (model for model in apps.get_models() if model.__name__.endswith("History"))
    return {model.__name__: model.objects.count() for model in models}


def outcome(report) -> tuple[int, int, int]:
    return tuple(report.count(name) for name in ("added", "changed", "unchanged"))


def test_takes_what_a_record_says(bring, anonymous):
    names = [
        named("KAIX", "ror_display", "acronym"),
        named("Korea Institute X", "label", lang="en"),
        named("한국엑스원", "label", lang="ko"),
        named("카이엑스", "alias"),
    ]
    places = [place(1835235, "Daejeon", "KR"), place(1835848, "Seoul", "KR")]
    report = bring(record("5abcde", names=names, locations=places))
    assert outcome(report) == (1, 0, 0)
    found = Institution.objects.visible_to(anonymous).by_identifier(ror("5abcde")).get()
    assert (found.name, found.country_id, found.city, found.established) == ("KAIX", "KR", "Daejeon", 1971)
    assert (found.latitude, found.longitude, found.geonames_id) == (36.35, 127.38, 1835235)
    assert set(found.names.values_list("value", "kind", "language")) == {
        ("KAIX", "acronym", ""),
        ("Korea Institute X", "label", "en"),
        ("한국엑스원", "label", "ko"),
        ("카이엑스", "alias", ""),
    }
    assert [row.city for row in found.further_locations.all()] == ["Seoul"]
    assert set(found.identifiers.values_list("value", "preferred")) == {
        ("0000 0001", True),
        ("0000 0002", False),
    }
    assert Institution.objects.named_like("엑스").get() == found


def test_a_second_run_writes_nothing(bring):
    records = [
        record("5abcde", relationships=[related("parent", "5abcdf"), related("child", "9zzzzz")]),
        record("5abcdf", relationships=[related("child", "5abcde")], established=None, locations=[]),
    ]
    bring(*records)
    before = history_rows()
    stamps = set(Institution.objects.values_list("updated_at"))
    report = bring(*records)
    assert outcome(report) == (0, 0, 2)
    assert history_rows() == before
    assert set(Institution.objects.values_list("updated_at")) == stamps


def test_what_changes_in_ror_changes_here(bring):
    bring(record("5abcde", name="Old Name"), record("5abcdf"))
    report = bring(record("5abcde", name="New Name", status="withdrawn", established=1980), record("5abcdf"))
    assert outcome(report) == (0, 1, 1)
    assert (report.withdrawn, report.newly_withdrawn) == (1, 1)
    found = Institution.objects.get(ror_id=ror("5abcde"))
    assert (found.name, found.state, found.established) == ("New Name", "withdrawn", 1980)
    assert set(found.names.values_list("value", "kind")) == {("New Name", "label"), ("Old Name", "alias")}


def test_rows_that_staff_typed_stay(bring):
    bring(record("5abcde", names=[named("A", "ror_display", "label", lang="en"), named("AA", "alias")]))
    found = Institution.objects.get()
    found.names.create(value="Ours", kind="alias")
    bring(record("5abcde", name="A"))
    assert set(found.names.values_list("value", flat=True)) == {"A", "Ours"}


def test_an_institution_typed_before_is_adopted_not_doubled(bring):
    typed = InstitutionFactory(name="Typed", ror_id=ror("5abcde"), website="https://typed.example")
    report = bring(record("5abcde", name="From ROR", links=[]))
    assert (outcome(report), report.adopted) == ((0, 1, 0), 1)
    typed.refresh_from_db()
    assert (typed.name, typed.website, typed.visibility) == ("From ROR", "https://typed.example", "public")
    assert "Typed" in typed.names.values_list("value", flat=True)


def test_both_sides_of_a_relation_make_one_link(bring, anonymous):
    bring(
        record("5abcde", relationships=[related("parent", "5abcdf"), related("related", "5abcdg")]),
        record("5abcdf", relationships=[related("child", "5abcde")]),
        record("5abcdg", relationships=[related("related", "5abcde"), related("successor", "5abcdf")]),
    )
    assert InstitutionLink.objects.count() == 3
    middle = Institution.objects.for_detail(anonymous).get(ror_id=ror("5abcdf"))
    found = relatives(middle)
    assert [row.ror_id for row in found["children"]] == [ror("5abcde")]
    assert [row.ror_id for row in found["predecessors"]] == [ror("5abcdg")]


def test_a_relation_taken_back_takes_its_link(bring):
    child = record("5abcde", relationships=[related("parent", "5abcdf")])
    bring(child, record("5abcdf"))
    report = bring(record("5abcde"), record("5abcdf"))
    assert report.links_removed == 1
    assert not InstitutionLink.objects.exists()


def test_a_relation_out_of_the_file_waits_and_comes_true(bring):
    report = bring(record("5abcde", relationships=[related("parent", "5abcdf")]))
    assert report.links_waiting == 1
    assert PendingInstitutionLink.objects.get().target_label == "Institute 5abcdf"
    arrived = InstitutionFactory(ror_id=ror("5abcdf"))
    assert resolve_pending_links([arrived]).made == 1
    assert arrived.inverse_links.get().institution.ror_id == ror("5abcde")
    assert not PendingInstitutionLink.objects.exists()


def test_circles_and_self_relations_are_refused_alone(bring):
    report = bring(
        record("5abcde", relationships=[related("parent", "5abcdf"), related("child", "5abcde")]),
        record("5abcdf", relationships=[related("parent", "5abcdg")]),
        record("5abcdg", relationships=[related("parent", "5abcde")]),
    )
    assert outcome(report) == (3, 0, 0)
    assert InstitutionLink.objects.count() == 2
    assert any("relates to itself" in reason for reason in bring.reasons)
    assert any("circle" in reason for reason in bring.reasons)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"id": "https://ror.org/05abcde00"}, "check digits"),
        ({"id": 5}, "check digits"),
        ({"names": []}, "no display name"),
        ({"names": [named("A\x00B", "ror_display")]}, "control characters"),
        ({"names": [named("A", "ror_display"), named("B", "ror_display")]}, "two display names"),
        ({"names": "A"}, "not a list"),
        ({"status": "sleeping"}, "the status “sleeping” is not known"),
        ({"types": ["pub"]}, "the type “pub” is not known"),
        ({"established": "long ago"}, "established is text"),
        ({"established": 1971.5}, "not a whole number"),
        ({"locations": [place(1, "X", "XX")]}, "the country code “XX”"),
        ({"locations": [place(1, "X", "KR", lat=120.0)]}, "a latitude"),
        ({"links": [{"type": "website", "value": "javascript:alert(1)"}]}, "no http address"),
        ({"admin": {"last_modified": {"date": "yesterday"}}}, "not a date"),
        ({"external_ids": [{"type": "isni", "all": [None]}]}, "an identifier is empty"),
    ],
)
def test_a_bad_record_is_refused_with_its_reason_and_the_rest_is_taken(bring, facts, why):
    report = bring(record("5abcdf"), record("5abcde", **facts))
    assert outcome(report) == (1, 0, 0)
    assert report.refused["record"] == 1
    assert why in bring.reasons[0]


def test_the_same_id_twice_in_a_file_counts_once(bring):
    bring(record("5abcde", name="First"), record("5abcde", name="Second"))
    assert Institution.objects.get().name == "First"
    assert "earlier in the file" in bring.reasons[0]


def test_what_only_the_database_refuses_costs_one_record(bring, monkeypatch):
    """A batch that the database refuses is written record by record."""
    from partnerships.services.ror import mapping

    monkeypatch.setattr(mapping, "degrees", lambda value, what, limit: value)
    report = bring(record("5abcdf"), record("5abcde", locations=[place(1, "X", "KR", lat=120.0)]))
    assert outcome(report) == (1, 0, 0)
    assert report.refused["record"] == 1


def test_history_tells_where_it_came_from(bring):
    bring(record("5abcde"))
    row = Institution.objects.get().history.get()
    assert row.pgh_context.metadata["reason"] == "ROR import of dump.json"
