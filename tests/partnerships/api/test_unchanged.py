"""Whatever is done to the registry: a visitor whose answer would be another one never hears 304.

``ENTENTE_EDITS=2000 pytest tests/partnerships/api/test_unchanged.py`` makes so many edits.
"""

import os

import pytest
from django.apps import apps
from django.db import transaction

from partnerships import models
from partnerships.search.clock import WATCHED, clock, compact_clock
from partnerships.services.merging import merge_institutions
from people.models import Office, Person, Role, User
from tests.factories import (
    AmendmentFactory,
    DocumentFactory,
    FocusAreaFactory,
    MembershipFactory,
    SourceFactory,
    UserFactory,
)
from tests.partnerships.services.cards.test_random_edits import Editor

from .conftest import ApiClient

EDITS = int(os.environ.get("ENTENTE_EDITS") or 24)
EVERY = 3
#: Addresses that are asked after some edits.
ASKED = 7
RESOURCES = {
    "agreements": models.Agreement, "institutions": models.Institution, "people": Person,
    "events": models.Event, "focus-areas": models.FocusArea, "sources": models.Source,
    "documents": models.Document, "activities": models.Activity,
}  # fmt: skip
LISTS = [
    *(f"{name}/" for name in (*RESOURCES, "partnerships", "countries")),
    "agreements/?fields=id,title,parties", "agreements/?include=institutions,people,events,focus_areas",
    "agreements/?q=ocean", "agreements/?facets=country,institution,focus_area", "agreements/?cursor=",
    "agreements/?status=in_force&ordering=title", "institutions/?include=parents,children", "suggest/?q=wa",
    "partnerships/?sub_units=1", "institutions/?omit=names&count=none",
]  # fmt: skip


class FurtherEditor(Editor):
    """Changes what index cards do not hold as well."""

    def edit_source(self):
        SourceFactory(agreement=self.one(models.Agreement), title=self.word())

    def edit_source_title(self):
        models.Source.objects.filter(pk=self.one(models.Source).pk).update(title=self.word())

    def edit_document(self):
        who = self.chance.choice(["public", "internal", "restricted"])
        DocumentFactory(agreement=self.one(models.Agreement), title=self.word(), visibility=who)

    def edit_document_is_shown_or_hidden(self):
        who = self.chance.choice(["public", "internal", "restricted"])
        models.Document.objects.filter(pk=self.one(models.Document).pk).update(visibility=who)

    def edit_amendment(self):
        record = self.one(models.Agreement)
        AmendmentFactory(agreement=record, number=record.amendments.count() + 1, title=self.word())

    def edit_identifiers(self):
        one = self.one(models.Institution)
        one.identifiers.create(scheme="grid", value=f"grid.{self.chance.random()}")
        one.further_locations.create(country_id="KR", city=self.word())
        self.one(models.Agreement).identifiers.create(system=self.word(), value=self.word())

    def edit_mapping(self):
        self.one(models.FocusArea).mappings.create(scheme="local", code=str(self.chance.random()))

    def edit_focus_area_name(self):
        FocusAreaFactory(name=self.word())
        models.FocusArea.objects.filter(pk=self.one(models.FocusArea).pk).update(name=self.word())

    def edit_country(self):
        models.Country.objects.filter(pk="KR").update(official_name=self.word())

    def edit_office(self):
        Office.objects.filter(pk=self.office.pk).update(name=self.word())

    def edit_sharing(self):
        models.SharedOffice.objects.create(agreement=self.one(models.Agreement), office=self.office)

    def edit_membership(self):
        MembershipFactory(user=self.staff, office=self.office, role=Role.EDITOR)

    def edit_membership_ends(self):
        self.staff.memberships.all().delete()

    def edit_powers(self):
        User.objects.filter(pk=self.staff.pk).update(is_superuser=self.chance.random() < 0.5)

    def edit_merge(self):
        survivor, merged = self.some(models.Institution, 2)
        merge_institutions(survivor=survivor, merged=merged, by=self.boss)


class Visitor:
    """Asks again and again, and keeps what it was answered."""

    def __init__(self, client: ApiClient):
        self.client, self.kept, self.unchanged, self.changed = client, {}, 0, 0

    def ask(self, path: str) -> None:
        tag, body = self.kept.get(path, ('"none"', None))
        answer = self.client.get(f"/api/v1/{path}", headers={"if-none-match": tag})
        whole = self.client.get(f"/api/v1/{path}")
        if answer.status_code == 304:
            self.unchanged += 1
            assert whole.status_code == 200 and whole.content == body, f"unchanged? {path}"
            assert answer.headers["ETag"] == tag == whole.headers["ETag"] and not answer.content
        elif answer.status_code == 200:
            self.changed += 1
            assert answer.content != body, f"{path} has changed its tag alone"
            assert answer.headers["ETag"] == whole.headers["ETag"] != tag
        if whole.status_code == 200:
            self.kept[path] = whole.headers["ETag"], whole.content


@pytest.mark.django_db(transaction=True)
def test_never_unchanged_when_it_is_not(bearing):
    editor = FurtherEditor(7)
    editor.staff = UserFactory()
    signed_in = ApiClient()
    signed_in.force_login(editor.staff)
    visitors = [Visitor(client) for client in (ApiClient(), signed_in, bearing("read:internal"))]
    for number in range(EDITS):
        editor.edit()
        if number % EVERY:
            continue
        paths = editor.chance.sample(LISTS, ASKED - 4)
        for name in editor.chance.sample(list(RESOURCES), 4):
            if record := RESOURCES[name].objects.order_by("pk").first():
                paths.append(f"{name}/{record.uid}/")
        for visitor in visitors:
            for path in (*paths, *paths[:3]):
                visitor.ask(path)
    for visitor in visitors:
        assert visitor.unchanged > 5 and visitor.changed > 20


@pytest.mark.django_db(transaction=True)
class TestClock:
    def test_it_moves_with_what_is_written_once_that_is_written(self, bearing):
        before = clock()
        one = Editor(3).one(models.Institution)
        moments = [before, clock()]
        for change in ({"name": "A"}, {"city": "B"}):
            models.Institution.objects.filter(pk=one.pk).update(**change)
            moments.append(clock())
        assert moments == sorted(set(moments)), "forward each time"
        compact_clock()
        assert clock() == moments[-1] and models.Tick.objects.count() == 1
        bearing("read:internal").read("agreements/")
        assert clock() == moments[-1], "who reads moves nothing"

    def test_a_savepoint_that_is_rolled_back_takes_no_tick_from_the_transaction(self):
        before = clock()
        with transaction.atomic():
            try:
                with transaction.atomic():
                    models.Country.objects.filter(pk="KR").update(name="Gone")
                    raise KeyError
            except KeyError:
                pass
            models.Country.objects.filter(pk="GB").update(name="Stays")
        assert clock() > before


#: Tables that no answer of the API is made of, or that change with one that is watched.
UNWATCHED = {
    # Written by triggers in the transaction of the change.
    "partnerships_heading", "partnerships_preparedrecord", "partnerships_sampledcard", "partnerships_tally",
    "partnerships_tick", "partnerships_cardpair",
    # Beside the record, for staff.
    "partnerships_approval", "partnerships_bulkitem", "partnerships_bulkrun", "partnerships_commitment",
    "partnerships_duplicatepair", "partnerships_duplicatesearch", "partnerships_importbatch",
    "partnerships_importparty", "partnerships_importprofile", "partnerships_importrow", "partnerships_note",
    "partnerships_notduplicate", "partnerships_officereminders", "partnerships_pendinginstitutionlink",
    "partnerships_reminder", "partnerships_remindermail", "partnerships_reminderrun",
    "partnerships_savedfilter", "partnerships_staffsettings",
    "partnerships_suggestion", "partnerships_suggestioncontact",
    # What is told of records, and to whom: its answers do not follow the clock.
    "partnerships_change", "partnerships_harvestentry", "partnerships_keptanswer",
    "partnerships_pendingchange", "partnerships_toldrecord", "partnerships_webhookattempt",
    "partnerships_webhookdelivery", "partnerships_webhookmatch", "partnerships_webhooksubscription",
    "people_allowance",
    # Who somebody is stands in what an answer is remembered by.
    "people_apitoken", "people_membership", "people_presence", "people_user", "people_visit",
    "people_user_groups", "people_user_user_permissions",
}  # fmt: skip


def test_every_table_moves_the_clock_or_is_known_not_to():
    tables = {
        model._meta.db_table
        for app in ("partnerships", "people")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")
    }
    assert tables - set(WATCHED) == UNWATCHED & tables, "say of a new table whether answers are made of it"
    assert set(WATCHED) <= tables
