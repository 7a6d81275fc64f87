"""Reading on by cursor while others write: nothing that stands still is skipped or told twice."""

import random
from contextlib import suppress
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection

from partnerships import filtersets
from partnerships.filtersets.base import NullsLastOrdering
from partnerships.models import Agreement, Institution
from tests.factories import AgreementFactory, InstitutionFactory

from .conftest import BASE, ApiClient

pytestmark = pytest.mark.django_db(transaction=True)
STANDING = 24
DATES = [None, "2019", "2020-05", "2020-05-04", "2024"]


def orders(filterset) -> list[str]:
    """Every order of a list, both ways round; the order of its own."""
    [ordering] = [one for one in filterset.base_filters.values() if isinstance(one, NullsLastOrdering)]
    return ["", *(sign + name for name in ordering.param_map for sign in ("", "-"))]


def standing_agreements() -> set[str]:
    parties = [InstitutionFactory(), InstitutionFactory()]
    return {
        AgreementFactory(
            title=f"Standing {number % 7}", parties=parties, published=True, signed_on=DATES[number % 5],
            announced_on=DATES[number % 3], effective_from=DATES[number % 4],
        ).uid
        for number in range(STANDING)
    }  # fmt: skip


class Writer(Thread):
    """Adds, moves and removes other rows until it is told to stop."""

    def __init__(self, model, keys: list[int], seed: int):
        super().__init__()
        self.model, self.keys, self.chance = model, keys, random.Random(seed)
        self.over, self.written, self.fault = Signal(), 0, None

    def run(self) -> None:
        try:
            while not self.over.is_set():
                # One writer may take away what the other is still putting together.
                with suppress(IntegrityError, ObjectDoesNotExist):
                    self.write()
                self.written += 1
        except Exception as error:
            self.fault = error
        finally:
            connection.close()

    def write(self) -> None:
        word = f"Standing {self.chance.randint(0, 8)} {self.chance.random()}"
        others = self.model.objects.exclude(pk__in=self.keys).order_by("?")
        number = self.chance.random()
        if self.model is Institution:
            if others.count() < 40:
                InstitutionFactory(name=word, visibility="public", country_id="KR")
            else:
                others.filter(pk=others.first().pk).update(name=word, established=int(number * 1000) + 1000)
            return
        if number < 0.4 or not others.exists():
            AgreementFactory(title=word, published=True, signed_on=self.chance.choice(DATES))
        elif number < 0.8:
            dates = {name: self.chance.choice(DATES) for name in ("signed_on", "announced_on")}
            Agreement.objects.filter(pk=others.first().pk).update(title=word, **dates)
        else:
            others.first().delete()


def read_all(api, path: str) -> list[str]:
    found, pages = [], 0
    while path:
        answer = api.read(path)
        found += [row["id"] for row in answer["results"]]
        path = answer["next"] and answer["next"].removeprefix(BASE)
        pages += 1
        assert pages < 400, "writers run ahead of the reader"
    return found


@pytest.mark.parametrize("resource", ["agreements", "institutions"])
def test_rows_that_stand_still_are_read_once(resource):
    model = {"agreements": Agreement, "institutions": Institution}[resource]
    filterset = {"agreements": filtersets.AgreementFilterSet, "institutions": filtersets.InstitutionFilterSet}
    if resource == "agreements":
        standing = standing_agreements()
    else:
        rows = [
            InstitutionFactory(name=f"Standing {number % 7}", visibility="public")
            for number in range(STANDING)
        ]
        standing = {row.uid for row in rows}
    keys = list(model.objects.filter(uid__in=standing).values_list("pk", flat=True))
    api = ApiClient()
    writers = [Writer(model, keys, seed) for seed in (1, 2)]
    for writer in writers:
        writer.start()
    try:
        for order in orders(filterset[resource]):
            found = read_all(api, f"{resource}/?cursor=&page_size=8&fields=id&count=none&ordering={order}")
            seen = [uid for uid in found if uid in standing]
            assert sorted(seen) == sorted(standing), f"by {order or 'the order of the list'}"
    finally:
        for writer in writers:
            writer.over.set()
        for writer in writers:
            writer.join()
    assert [writer.fault for writer in writers] == [None, None]
    assert all(writer.written > 5 for writer in writers)
