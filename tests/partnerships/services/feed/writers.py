"""Writers of a storm: each does one thing after the other to records that others work on as well."""

import random
import threading
import time
from collections import Counter

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models.deletion import ProtectedError

from partnerships.models import Agreement, FocusArea, Institution, InstitutionLink, InstitutionMerge
from partnerships.services.merging import merge_institutions, unmerge_institutions
from partnerships.services.publication import settle, withdraw
from people.models import Person
from tests.factories import AgreementFactory, SignatoryFactory, StatementFactory, SubjectFactory, publish_now

#: So many published records a storm leaves standing: it is to end with something to compare.
_KEPT = 12
#: A line separator that is none to JSON, letters of several scripts, a formula.
_WORDS = ["Treaty", "조약", "Κείμενο", "a\u2028b", "=1+1", '"quoted", \\ and "url":"/x']


class Writer(threading.Thread):
    """Does one thing after the other to records that others work on as well."""

    def __init__(self, seed: int, boss, offices, until: float):
        super().__init__()
        self.random, self.boss, self.offices, self.until = random.Random(seed), boss, offices, until
        self.done, self.refused = Counter(), Counter()
        self.failure = None

    def run(self) -> None:
        acts = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        try:
            while time.monotonic() < self.until:
                act = self.random.choice(acts)
                try:
                    self.done[act.__name__] += bool(act())
                except (ValidationError, DatabaseError, ProtectedError, ObjectDoesNotExist) as error:
                    # Two met, or the rules forbid it: such is a storm.
                    self.refused[type(error).__name__] += 1
        except Exception as error:
            self.failure = error
        finally:
            connection.close()

    def one(self, rows):
        """One of ``rows`` at random; raises DoesNotExist where there is none, or it is deleted just now."""
        keys = list(rows.order_by().values_list("pk", flat=True))
        return rows.get(pk=self.random.choice(keys) if keys else None)

    def word(self) -> str:
        return f"{self.random.choice(_WORDS)} {self.random.random()}"

    def do_edit(self):
        record = self.one(Agreement.objects.all())
        return Agreement.objects.filter(pk=record.pk).update(title=self.word())

    def do_edit_and_hesitate(self):
        """Two changes in one transaction that stays open for a while."""
        first, second = self.one(Agreement.objects.all()), self.one(Institution.objects.all())
        with transaction.atomic():
            Agreement.objects.filter(pk=first.pk).update(summary=self.word())
            time.sleep(self.random.random() / 5)
            return Institution.objects.filter(pk=second.pk).update(city=self.word())

    def do_change_of_mind(self):
        record = self.one(Agreement.objects.all())
        with transaction.atomic():
            Agreement.objects.filter(pk=record.pk).update(title="Never told")
            transaction.set_rollback(True)
        return True

    def do_record(self):
        two = [self.one(Institution.objects.filter(merged_into=None)) for _ in range(2)]
        with transaction.atomic():
            record = AgreementFactory(title=self.word(), parties=two, office=self.offices[0])
            StatementFactory(agreement=record, person=self.one(Person.objects.all()))
            SubjectFactory(agreement=record, focus_area=self.one(FocusArea.objects.all()))
            SignatoryFactory(party=record.parties.first(), person=self.one(Person.objects.all()))
        return True

    def do_publish(self):
        record = self.one(Agreement.objects.filter(publication_state="draft"))
        publish_now(record)
        return True

    def do_withdraw(self):
        rows = Agreement.objects.filter(publication_state="published")
        return rows.count() > _KEPT and withdraw(agreement=self.one(rows), by=self.boss, reason="Wrong.")

    def do_hide_or_show(self):
        record = self.one(Agreement.objects.filter(publication_state="published"))
        with transaction.atomic():
            record.visibility = self.random.choice(["public", "public", "internal", "restricted"])
            record.office = self.offices[0]
            record.save()
            settle(record)
        return True

    def do_share(self):
        record = self.one(Agreement.objects.all())
        record.sharing.create(office=self.offices[1])
        return True

    def do_relate(self):
        one, two = sorted([self.one(Agreement.objects.all()) for _ in range(2)], key=lambda row: row.pk)
        if one.pk != two.pk:
            two.relations.create(target=one, kind="renews")
        return one.pk != two.pk

    def do_delete(self):
        record = self.one(Agreement.objects.all())
        return record.delete() if Agreement.objects.count() > 2 * _KEPT else False

    def do_rename(self):
        row = self.one(self.random.choice([Institution, Person, FocusArea]).objects.all())
        return type(row).objects.filter(pk=row.pk).update(name=self.word())

    def do_name(self):
        row = self.one(Institution.objects.filter(merged_into=None))
        return row.names.create(value=self.word()) if self.random.random() < 0.5 else row.names.all().delete()

    def do_link(self):
        one, two = (self.one(Institution.objects.filter(merged_into=None)) for _ in range(2))
        if self.random.random() < 0.4:
            return InstitutionLink.objects.filter(institution=one).delete()[0]
        return one.pk != two.pk and InstitutionLink.objects.create(institution=one, target=two)

    def do_merge(self):
        alone = Institution.objects.filter(merged_into=None)
        one, two = (self.one(alone) for _ in range(2))
        return alone.count() > _KEPT // 2 and merge_institutions(survivor=one, merged=two, by=self.boss)

    def do_part(self):
        merge = self.one(InstitutionMerge.objects.filter(undone_at=None))
        return unmerge_institutions(merge=merge, by=self.boss)
