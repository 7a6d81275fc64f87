"""The read model says what the tables say, whatever wrote to them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partnerships.api.prepared import prepare, records
from partnerships.models import (
    Activity,
    Agreement,
    AgreementRelation,
    IndexCard,
    Institution,
    InstitutionLink,
    Party,
    PreparedRecord,
    StaleCard,
)
from partnerships.search.answers import tallied
from partnerships.services.cards import catch_up, differences, rebuild
from partnerships.services.publication import withdraw
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    return AgreementFactory(title="Joint work", published=True, signed_on="2020")


def is_right() -> bool:
    return list(differences(records)) == []


def finds(word: str) -> list[str]:
    return list(IndexCard.objects.filter(words__answers=f"'{word}'").values_list("title", flat=True))


class TestEveryRoadLeadsToTheCard:
    def test_save(self, record):
        record.summary = "About kelp."
        record.save()
        assert finds("kelp") == ["Joint work"]
        assert is_right()

    def test_update(self, record):
        Agreement.objects.filter(pk=record.pk).update(summary="About kelp.", signed_on="2021")
        assert finds("kelp") == ["Joint work"]
        assert is_right()

    def test_sql(self, record):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE partnerships_party SET reference = 'KELP-1' WHERE agreement_id = %s", [record.pk]
            )
        assert finds("kelp") == ["Joint work"]
        assert is_right()

    def test_bulk(self, record):
        Activity.objects.bulk_create([Activity(agreement=record, kind="events", description="On kelp.")])
        assert finds("kelp") == ["Joint work"]
        assert is_right()

    def test_deletion(self, record):
        draft = AgreementFactory(title="A draft")
        draft.delete()
        assert finds("draft") == []
        assert is_right()

    def test_withdrawal(self, record):
        before = tallied(0)
        withdraw(agreement=record, by=administrator(), reason="by mistake")
        assert tallied(0) == before - 1
        assert is_right()


class TestTheCatalogue:
    def test_a_new_name_of_a_party(self, record):
        party = record.parties.first()
        party.institution.names.create(value="Kelp Institute", kind="alias")
        assert finds("kelp") == ["Joint work"]
        assert is_right()

    def test_a_parent_and_its_name(self, record):
        above = InstitutionFactory(name="Ocean University", visibility="public")
        InstitutionLink.objects.create(
            institution=record.parties.first().institution, kind="parent", target=above
        )
        assert finds("ocean") == ["Joint work"]
        Institution.objects.filter(pk=above.pk).update(name="Lake University")
        assert (finds("ocean"), finds("lake")) == ([], ["Joint work"])
        assert is_right()

    def test_a_parent_that_is_not_public_gives_no_name(self, record):
        above = InstitutionFactory(name="Ocean University")
        InstitutionLink.objects.create(
            institution=record.parties.first().institution, kind="parent", target=above
        )
        assert finds("ocean") == []
        above.visibility = "public"
        above.save()
        assert finds("ocean") == ["Joint work"]
        assert is_right()

    def test_a_subject_moves_in_the_tree(self, record):
        subject, sea = FocusAreaFactory(name="Kelp", visibility="public"), FocusAreaFactory(
            name="Sea", visibility="public"
        )  # fmt: skip
        SubjectFactory(agreement=record, focus_area=subject)
        subject.parent = sea
        subject.save()
        assert finds("sea") == ["Joint work"]
        assert is_right()

    def test_very_many_cards_follow_later_but_what_is_ready_goes_at_once(self, record):
        party = Party.objects.filter(agreement=record).first()
        prepare([record.pk])
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef('cards_changed'::regproc)")
            cursor.execute(cursor.fetchone()[0].replace("<= 500", "<= 0"))
        Institution.objects.filter(pk=party.institution_id).update(name="Kelp Institute")
        assert finds("kelp") == []
        assert StaleCard.objects.filter(pk=record.pk).exists()
        assert not PreparedRecord.objects.filter(pk=record.pk, body__isnull=False).exists()
        Agreement.objects.filter(pk=record.pk).update(visibility="internal")
        assert not IndexCard.objects.visible_to(None).exists(), "never wrong about who may see it"
        while catch_up():
            pass
        assert finds("kelp") == ["Joint work"]
        assert is_right()


class TestReadyRecords:
    def test_a_change_takes_the_ready_record_away(self, record):
        prepare([record.pk])
        record.title = "Another title"
        record.save()
        assert PreparedRecord.objects.get(pk=record.pk).body is None

    def test_what_was_made_before_a_change_is_not_kept_after_it(self, record, monkeypatch):
        from partnerships.api import prepared

        made = prepared.records

        def slowly(ids):
            bodies = made(ids)
            Agreement.objects.filter(pk=record.pk).update(title="Meanwhile")
            return bodies

        monkeypatch.setattr(prepared, "records", slowly)
        prepare([record.pk])
        assert PreparedRecord.objects.get(pk=record.pk).body is None

    def test_the_title_of_a_related_record_shows(self, record):
        newer = AgreementFactory(title="Newer", published=True)
        AgreementRelation.objects.create(agreement=newer, kind="amends", target=record)
        prepare([record.pk, newer.pk])
        Agreement.objects.filter(pk=newer.pk).update(title="Newest")
        assert PreparedRecord.objects.get(pk=record.pk).body is None
        assert is_right()


class TestChecking:
    @pytest.mark.parametrize(
        ("harm", "said"),
        [
            ("UPDATE partnerships_indexcard SET keys = '{}'", "the card of agreement"),
            (
                "UPDATE partnerships_indexcard SET statuses = '{ended}', status_days = '{0001-01-01}'",
                "its card says",
            ),
            ("DELETE FROM partnerships_indexcard", "agreements have no card"),
            ("DELETE FROM partnerships_tally", "tallies differ"),
            ("INSERT INTO partnerships_stalecard VALUES (1)", "wait to be written"),
            ("UPDATE partnerships_preparedrecord SET body = '{}'", "the ready record of agreement"),
        ],
    )
    def test_harm_is_found_and_mended(self, record, harm, said):
        prepare([record.pk])
        with connection.cursor() as cursor:
            cursor.execute(harm)
        assert any(said in sentence for sentence in differences(records))
        with pytest.raises(CommandError):
            call_command("check_search")
        if "stalecard" in harm:
            call_command("rebuild_search", "--waiting")
        else:
            rebuild()
        assert is_right()
