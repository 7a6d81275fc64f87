"""Whatever is done to the registry, by whatever road and in whatever order, the cards say what it says.

``ENTENTE_EDITS=10000 pytest -k random_edits`` makes so many edits instead of a few hundred.
"""

import os
import random

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from partnerships.api.prepared import prepare, records
from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    AgreementRelation,
    Event,
    FocusArea,
    Institution,
    InstitutionLink,
    InstitutionName,
    Party,
    Period,
    Signatory,
    Statement,
)
from partnerships.services.cards import differences
from partnerships.services.publication import publish, submit_for_review, withdraw
from people.models import Person, PersonName
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    OfficeFactory,
    PersonFactory,
    administrator,
)

pytestmark = pytest.mark.django_db

EDITS = int(os.environ.get("ENTENTE_EDITS") or 250)
EVERY = 50
_WORDS = ["kelp", "바다", "Straße", "océan", "море", "ocean", "海洋", "wave", "tide", "조류", "reef"]
_DATES = [None, "2001", "2019-05", "2024-02-29", "2026-11", "2030"]
_COUNTRIES = ["KR", "GB", "FR", None]


class Editor:
    """Makes one edit after another, each drawn by chance."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.boss = administrator(username=f"boss{seed}")
        self.office = OfficeFactory()
        self.edits = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("edit_")]
        for _ in range(3):
            InstitutionFactory()
            PersonFactory()
            FocusAreaFactory()
            EventFactory()
        for _ in range(5):
            AgreementFactory(published=True, parties=self.some(Institution, 2))

    def edit(self) -> None:
        """Make one; what the registry's rules refuse leaves no trace."""
        act = self.chance.choice(self.edits)
        try:
            with transaction.atomic():
                act()
                if self.chance.random() < 0.05:
                    raise ValidationError("thought better of it")
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except (DatabaseError, ValidationError):
            pass
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    # --- what is drawn ----------------------------------------------------------------------------

    def word(self) -> str:
        return " ".join(self.chance.choices(_WORDS, k=self.chance.randint(1, 3)))

    def date(self):
        return self.chance.choice(_DATES)

    def one(self, model):
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise ValidationError("there is none")
        return model.objects.get(pk=self.chance.choice(keys))

    def some(self, model, number: int):
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return list(model.objects.filter(pk__in=self.chance.sample(keys, min(number, len(keys)))))

    # --- agreements -------------------------------------------------------------------------------

    def edit_new_agreement(self):
        AgreementFactory(
            title=self.word(),
            parties=self.some(Institution, 2),
            signed_on=self.date(),
            languages=["en", "fr"],
        )

    def edit_save(self):
        record = self.one(Agreement)
        record.title, record.summary = self.word(), self.word()
        record.save()

    def edit_update(self):
        facts = {"signed_on": self.date(), "announced_on": self.date(), "effective_from": self.date()}
        name = self.chance.choice(list(facts))
        keys = [row.pk for row in self.some(Agreement, 3)]
        Agreement.objects.filter(pk__in=keys).update(**{name: facts[name], "summary": self.word()})

    def edit_end(self):
        ends_on = self.date()
        self.one(self.chance.choice([Agreement, Period]))._meta.model.objects.filter(
            pk=self.one(Agreement).pk
        ).update(ends_on=ends_on, end_kind="date" if ends_on else "open_ended")

    def edit_sql(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE partnerships_agreement SET type = %s, terminated_on = %s WHERE id = %s",
                [self.chance.choice(["exchange", "framework"]), None, self.one(Agreement).pk],
            )

    def edit_visibility(self):
        Agreement.objects.filter(pk=self.one(Agreement).pk).update(
            visibility=self.chance.choice(["public", "internal", "restricted"]), office=self.office
        )

    def edit_publication(self):
        record = self.one(Agreement)
        if record.publication_state == "draft":
            submit_for_review(agreement=record, by=self.boss)
        elif record.publication_state == "published":
            withdraw(agreement=record, by=self.boss, reason="by chance")
        else:
            publish(agreement=record, by=self.boss)

    def edit_delete(self):
        record = self.one(Agreement)
        if self.chance.random() < 0.3:
            record.delete()

    def edit_event(self):
        Agreement.objects.filter(pk=self.one(Agreement).pk).update(event=self.one(Event))

    # --- what hangs on them -------------------------------------------------------------------------

    def edit_party(self):
        if self.chance.random() < 0.5:
            Party.objects.create(agreement=self.one(Agreement), institution=self.one(Institution))
        else:
            self.one(Party).delete()

    def edit_party_moves(self):
        Party.objects.filter(pk=self.one(Party).pk).update(
            institution=self.one(Institution), reference=self.word()
        )

    def edit_subject(self):
        if self.chance.random() < 0.7:
            AgreementFocusArea.objects.create(agreement=self.one(Agreement), focus_area=self.one(FocusArea))
        else:
            AgreementFocusArea.objects.filter(agreement=self.one(Agreement)).delete()

    def edit_activities(self):
        record = self.one(Agreement)
        Activity.objects.filter(agreement=record).delete()
        Activity.objects.bulk_create(
            Activity(agreement=record, kind=kind, description=self.word())
            for kind in self.chance.sample(["events", "training", "funding"], 2)
        )

    def edit_statement(self):
        Statement.objects.create(
            agreement=self.one(Agreement), person=self.one(Person), summary=self.word(),
            institution=self.chance.choice([None, self.one(Institution)]),
        )  # fmt: skip

    def edit_signatory(self):
        Signatory.objects.create(party=self.one(Party), person=self.one(Person), name_as_printed=self.word())

    def edit_period(self):
        record = self.one(Agreement)
        Period.objects.create(
            agreement=record, number=record.periods.count() + 1, starts_on=self.date(), end_kind="open_ended"
        )

    def edit_relation(self):
        newer, older = self.some(Agreement, 2)
        kind = self.chance.choice(["supersedes", "renews"])
        AgreementRelation.objects.create(agreement=newer, target=older, kind=kind)

    def edit_relation_ends(self):
        self.one(AgreementRelation).delete()

    # --- the catalogue ------------------------------------------------------------------------------

    def edit_institution(self):
        Institution.objects.filter(pk=self.one(Institution).pk).update(
            name=self.word(), city=self.word(), country=self.chance.choice(_COUNTRIES)
        )

    def edit_new_institution(self):
        InstitutionFactory(name=self.word())

    def edit_institution_name(self):
        names = InstitutionName.objects.filter(institution=self.one(Institution))
        if self.chance.random() < 0.6:
            names.create(institution=self.one(Institution), value=self.word(), kind="former")
        else:
            names.delete()

    def edit_parent(self):
        below, above = self.some(Institution, 2)
        InstitutionLink.objects.create(institution=below, target=above, kind="parent")

    def edit_parent_ends(self):
        self.one(InstitutionLink).delete()

    def edit_disclosure(self):
        model = self.chance.choice([Institution, Person, FocusArea, Event])
        model.objects.filter(pk=self.one(model).pk).update(visibility="public")

    def edit_person(self):
        person = self.one(Person)
        person.name = self.word()
        person.save()
        PersonName.objects.create(person=person, value=self.word())

    def edit_focus_area(self):
        FocusArea.objects.filter(pk=self.one(FocusArea).pk).update(parent=self.one(FocusArea))

    def edit_event_name(self):
        Event.objects.filter(pk=self.one(Event).pk).update(name=self.word(), place=self.word())

    # --- readers ------------------------------------------------------------------------------------

    def edit_nothing_but_read(self):
        prepare([row.pk for row in self.some(Agreement, 5)])


@pytest.mark.parametrize("seed", [1, 2])
def test_random_edits_leave_the_read_model_right(seed):
    editor = Editor(seed)
    for number in range(1, EDITS // 2 + 1):
        editor.edit()
        if number % EVERY == 0 or number == EDITS // 2:
            assert list(differences(records)) == [], f"after {number} edits"
    assert Agreement.objects.count() > 5
