"""Two institutions become one, and two again exactly as they were."""

import json
import random

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from partnerships.models import (
    Activity,
    Agreement,
    Institution,
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionLocation,
    InstitutionMerge,
    InstitutionName,
    Party,
    PendingInstitutionLink,
    Signatory,
    Statement,
)
from partnerships.search.suggestions import suggest
from partnerships.services.merging import merge_institutions, plan_merge, unmerge_institutions
from partnerships.services.merging.tables import moved_with_parties, references
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    UserFactory,
    make_public,
)

pytestmark = pytest.mark.django_db

#: What is derived, or says what happened.
_BESIDE = {"institutionmerge", "institutionmergehistory", "stalecard", "preparedrecord", "findableword"}
_BESIDE |= {"pendingchange", "toldrecord", "change"}


def dump() -> dict[str, list]:
    """Every row of the registry but its history, without the moment of its last change."""
    found = {}
    for app in ("partnerships", "people"):
        for model in apps.get_app_config(app).get_models():
            name = model._meta.model_name
            if not model._meta.managed or name.endswith("history") or name in _BESIDE:
                continue
            rows = json.loads(serializers.serialize("json", model._base_manager.all()))
            for row in rows:
                row["fields"].pop("updated_at", None)
                # An index of names written anew has other keys.
                if name == "findablename":
                    row.pop("pk")
            found[name] = sorted(map(json.dumps, rows))
    # What was counted up and down again stands there as nothing.
    for derived in ("tally", "partnershipcount", "indexcard", "heading", "sampledcard"):
        found.pop(derived, None)
    return found


@pytest.fixture
def reviewer():
    return MembershipFactory(role="reviewer").user


def test_everything_that_names_the_one_names_the_other(reviewer):
    kept, gone, third = InstitutionFactory.create_batch(3)
    agreement = AgreementFactory(parties=[gone, third], published=True)
    child = InstitutionFactory()
    InstitutionLink.objects.create(institution=child, target=gone)
    InstitutionName.objects.create(institution=gone, value="Gone U", kind="acronym")
    make_public(person := PersonFactory())
    speaker = Statement.objects.create(agreement=agreement, person=person, institution=gone, summary="Good.")
    merge_institutions(survivor=kept, merged=gone, by=reviewer, reason="twice recorded")
    assert list(agreement.parties.values_list("institution", flat=True)) == [kept.pk, third.pk]
    speaker.refresh_from_db()
    assert speaker.institution == kept
    assert child.links.get().target == kept
    assert set(kept.names.values_list("value", "kind")) == {(gone.name, "alias"), ("Gone U", "acronym")}
    kept.refresh_from_db()
    assert kept.visibility == "public"
    call_command("check_search")


def test_what_was_merged_vanishes_and_its_ids_lead_to_the_survivor(reviewer):
    kept = InstitutionFactory(name="University of Tartu")
    gone = InstitutionFactory(name="Tartu Ülikool", ror_id="03z77qz90")
    assert suggest("Tartu Ülikool", user=reviewer)[0].record == gone
    merge_institutions(survivor=kept, merged=gone, by=reviewer)
    assert gone not in Institution.objects.visible_to(reviewer)
    assert [found.record for found in suggest("Tartu Ülikool", user=reviewer)] == [kept]
    visible = Institution.objects.visible_to(reviewer)
    for written in (gone.uid, "https://ror.org/03z77qz90", kept.uid):
        assert visible.by_identifier(written).get() == kept
    kept.refresh_from_db()
    assert kept.ror_id == "03z77qz90"


def test_two_parties_of_one_agreement_become_one_with_all_signatories(reviewer):
    kept, gone, third = InstitutionFactory.create_batch(3)
    agreement = AgreementFactory(parties=[kept, gone, third])
    ours, theirs = agreement.parties.get(institution=kept), agreement.parties.get(institution=gone)
    Party.objects.filter(pk=theirs.pk).update(role="host", reference="G-1")
    both, person = PersonFactory.create_batch(2)
    for party, one in ((ours, both), (theirs, both), (theirs, person)):
        Signatory.objects.create(party=party, person=one, name_as_printed=f"{one} for {party}")
    activity = Activity.objects.create(
        agreement=agreement, kind="placements", direction="one_way", from_party=theirs
    )
    plan = plan_merge(survivor=kept, merged=gone, user=reviewer)
    assert [(found, one.pk, other.role) for found, one, other in plan.shared] == [
        (agreement, ours.pk, "host")
    ]
    merge_institutions(survivor=kept, merged=gone, by=reviewer)
    assert agreement.parties.count() == 2
    ours.refresh_from_db()
    assert (ours.role, ours.reference) == ("party", "G-1")
    assert set(ours.signatories.values_list("person", flat=True)) == {both.pk, person.pk}
    activity.refresh_from_db()
    assert activity.from_party == ours


def test_a_published_agreement_between_the_two_alone_stands_in_the_way(reviewer):
    kept, gone = InstitutionFactory.create_batch(2)
    agreement = AgreementFactory(parties=[kept, gone], published=True)
    before = dump()
    assert agreement.title in plan_merge(survivor=kept, merged=gone, user=reviewer).blocked[0]
    with pytest.raises(ValidationError, match="between the two alone"):
        merge_institutions(survivor=kept, merged=gone, by=reviewer)
    assert dump() == before


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_reviewers_merge_and_part(role, reviewer):
    by = MembershipFactory(role=role).user
    kept, gone = InstitutionFactory.create_batch(2)
    with pytest.raises(PermissionDenied):
        merge_institutions(survivor=kept, merged=gone, by=by)
    merge = merge_institutions(survivor=kept, merged=gone, by=reviewer)
    with pytest.raises(PermissionDenied):
        unmerge_institutions(merge=merge, by=by)


def test_the_second_merge_of_one_institution_is_told_of_the_first(reviewer):
    one, two, three = InstitutionFactory.create_batch(3)
    with pytest.raises(ValidationError, match="this is one"):
        merge_institutions(survivor=one, merged=one, by=reviewer)
    merge_institutions(survivor=one, merged=two, by=reviewer)
    for survivor, merged in ((two, three), (three, two)):
        with pytest.raises(ValidationError, match=f"“{two}” was merged into “{one}” meanwhile"):
            merge_institutions(survivor=survivor, merged=merged, by=reviewer)


def test_nothing_names_what_was_merged_any_more(reviewer):
    kept, gone = InstitutionFactory.create_batch(2)
    agreement = AgreementFactory()
    merge_institutions(survivor=kept, merged=gone, by=reviewer)
    from django.db import IntegrityError, transaction

    for row in (
        Party(agreement=agreement, institution=gone),
        Statement(agreement=agreement, person=PersonFactory(), institution=gone, summary="x"),
        InstitutionLink(institution=InstitutionFactory(), target=gone),
    ):
        with pytest.raises(IntegrityError, match="was merged into"), transaction.atomic():
            row.save()


def test_ids_follow_a_chain_of_merges_and_the_last_is_undone_first(reviewer):
    one, two, three = InstitutionFactory.create_batch(3)
    before = dump()
    first = merge_institutions(survivor=two, merged=one, by=reviewer)
    between = dump()
    second = merge_institutions(survivor=three, merged=two, by=reviewer)
    assert Institution.objects.by_identifier(one.uid).get() == three
    with pytest.raises(ValidationError, match="undo that first"):
        unmerge_institutions(merge=first, by=reviewer)
    assert unmerge_institutions(merge=second, by=reviewer).kept == []
    assert dump() == between
    unmerge_institutions(merge=first, by=reviewer)
    assert dump() == before
    with pytest.raises(ValidationError, match="undone already"):
        unmerge_institutions(merge=first, by=reviewer)


def test_a_later_merge_into_the_same_is_undone_first(reviewer):
    kept, one, two = InstitutionFactory.create_batch(3)
    first = merge_institutions(survivor=kept, merged=one, by=reviewer)
    merge_institutions(survivor=kept, merged=two, by=reviewer)
    with pytest.raises(ValidationError, match=f"“{two}” was merged into “{kept}” later"):
        unmerge_institutions(merge=first, by=reviewer)


def test_what_was_changed_since_stays_and_is_named(reviewer):
    kept, gone, third = InstitutionFactory.create_batch(3)
    agreement = AgreementFactory(parties=[gone, third])
    merge = merge_institutions(survivor=kept, merged=gone, by=reviewer)
    copy = kept.names.get()
    InstitutionName.objects.filter(pk=copy.pk).update(language="en")
    added = AgreementFactory(parties=[kept, third])
    Party.objects.filter(agreement=agreement, institution=kept).update(institution=InstitutionFactory())
    parted = unmerge_institutions(merge=merge, by=reviewer)
    assert len(parted.kept) == 2
    assert "changed since" in parted.kept[0]
    assert "given to another one since" in parted.kept[1]
    assert added.parties.filter(institution=kept).exists()


def test_rows_of_an_agreement_deleted_since_are_no_obstacle(reviewer):
    kept, gone, third = InstitutionFactory.create_batch(3)
    agreement = AgreementFactory(parties=[kept, gone, third])
    merge = merge_institutions(survivor=kept, merged=gone, by=reviewer)
    Agreement.objects.get(pk=agreement.pk).delete()
    assert unmerge_institutions(merge=merge, by=reviewer).kept == [
        "A party cannot come back: what it belongs to is gone, or it stands already."
    ]


def test_hidden_records_are_not_told_in_the_preview(reviewer):
    kept, gone, third = InstitutionFactory.create_batch(3)
    AgreementFactory(parties=[gone, third], visibility="restricted", office=OfficeFactory())
    AgreementFactory(parties=[gone, kept, third], visibility="restricted", office=OfficeFactory())
    plan = plan_merge(survivor=kept, merged=gone, user=reviewer)
    assert (plan.moves, plan.shared) == ([], [])
    assert dict(plan_merge(survivor=kept, merged=gone, user=UserFactory(is_superuser=True)).moves) == {
        "agreements to which it is a party": 2
    }


def test_every_table_that_names_an_institution_is_known():
    named = {(found.label, found.field) for found in references(Institution)}
    assert {
        ("partnerships.party", "institution"),
        ("partnerships.statement", "institution"),
        ("partnerships.institutionlink", "target"),
        ("partnerships.pendinginstitutionlink", "institution"),
    } <= named
    assert {(found.label, found.field) for found in moved_with_parties()} >= {
        ("partnerships.signatory", "party"),
        ("partnerships.activity", "from_party"),
        ("partnerships.activity", "to_party"),
    }


@pytest.mark.parametrize("seed", range(12))
def test_parted_again_everything_is_as_it_was(seed, reviewer):
    chance = random.Random(seed)
    rows = [
        InstitutionFactory(country_id=chance.choice(["GB", "KR", None]), city=chance.choice(["", "Seoul"]))
        for _ in range(6)
    ]
    people = PersonFactory.create_batch(3)
    rors = ["05apxxy63", "052gg0110", "035dkdb55"]
    for one in rows:
        if chance.random() < 0.4 and rors:
            Institution.objects.filter(pk=one.pk).update(ror_id=rors.pop())
        for value in chance.sample(["Alpha", "Beta", "Gamma", rows[0].name], 2):
            InstitutionName.objects.create(
                institution=one,
                value=value,
                kind=chance.choice(["alias", "acronym"]),
                from_ror=chance.random() < 0.5,
            )
        InstitutionIdentifier.objects.create(
            institution=one,
            scheme="grid",
            value=chance.choice(["grid.1", "grid.2"]),
            preferred=chance.random() < 0.5,
        )
        InstitutionLocation.objects.create(institution=one, geonames_id=chance.choice([1, 2, None]))
        PendingInstitutionLink.objects.create(
            institution=one, kind="parent", target_ror_id=chance.choice(["03z77qz90", "01an7q238"])
        )
    for first in range(6):
        for second in range(first):
            if chance.random() < 0.4:
                InstitutionLink.objects.create(
                    institution=rows[first],
                    target=rows[second],
                    kind=chance.choice(["related", "related", "predecessor"]),
                )
    for _ in range(8):
        agreement = AgreementFactory(parties=chance.sample(rows, chance.randint(2, 5)))
        parties = list(agreement.parties.all())
        for party in parties:
            for person in chance.sample(people, chance.randint(0, 2)):
                Signatory.objects.create(party=party, person=person, name_as_printed=str(person))
        Activity.objects.create(
            agreement=agreement, kind="placements", direction="one_way", from_party=chance.choice(parties)
        )
        Statement.objects.create(
            agreement=agreement, person=people[0], institution=chance.choice(rows), summary="Good."
        )
    before = dump()
    kept, *others = chance.sample(rows, 3)
    done = []
    for gone in others:
        try:
            done.append(merge_institutions(survivor=kept, merged=gone, by=reviewer))
        except ValidationError as error:
            # Neither a circle nor anything else leaves a trace.
            assert "above or before itself" in str(error)
    assert not done or dump() != before
    call_command("check_search")
    for merge in reversed(done):
        assert unmerge_institutions(merge=merge, by=reviewer).kept == []
    assert dump() == before
    call_command("check_search")
    assert InstitutionMerge.objects.filter(undone_at=None).count() == 0


def test_public_addresses_stay_public_when_parted(reviewer):
    kept, gone = InstitutionFactory.create_batch(2)
    make_public(gone)
    merge = merge_institutions(survivor=kept, merged=gone, by=reviewer)
    unmerge_institutions(merge=merge, by=reviewer)
    assert set(Institution.objects.values_list("visibility", flat=True)) == {"public"}
