"""No delivery leads around the gate: what is hidden is posted to nobody who may not see it."""

import pytest

from partnerships.models import Agreement, Institution
from partnerships.querysets.feed import RESOURCES
from partnerships.services.feed import tell_all
from partnerships.services.publication import withdraw
from partnerships.services.webhooks import deliver
from partnerships.services.webhooks.filters import LISTS
from people.models import Person
from tests.contract import sentinels
from tests.contract.sentinels import (
    CATALOGUE,
    CONFIDENTIAL,
    DRAFT,
    INTERNAL,
    PROBE,
    PUBLIC,
    RESTRICTED,
    WORDS,
)
from tests.factories import OfficeFactory, administrator
from tests.partnerships.webhooks.receivers import receiving
from tests.partnerships.webhooks.subscriptions import bearer, subscribed

pytestmark = pytest.mark.django_db

SECRET = {*WORDS, CONFIDENTIAL}
#: Kinds of reader, and the words of which they may be told.
READERS = {
    "staff, public": (lambda registry: {"reads": "read:public"}, set()),
    "staff, public, of the office": (
        lambda registry: {"reads": "read:public", "office": registry.office}, set()),
    "token, public": (lambda registry: {"by": bearer("webhooks", "read:public")}, set()),
    "token, public, of the office": (
        lambda registry: {"by": bearer("webhooks", "read:public", office=registry.office)}, set()),
    "staff, internal": (
        lambda registry: {"reads": "read:internal", "office": OfficeFactory()}, {INTERNAL, CATALOGUE}),
    "token, internal": (lambda registry: {"by": bearer("webhooks", "read:internal")}, {INTERNAL, CATALOGUE}),
    "token of the office": (
        lambda registry: {"by": bearer("webhooks", "read:internal", office=registry.office)},
        {INTERNAL, CATALOGUE, RESTRICTED}),
}  # fmt: skip


def stir() -> None:
    """Change everything, so that values before and after are told; take one thing back."""
    for model, field in ((Agreement, "summary"), (Institution, "description"), (Person, "note")):
        if field in {one.name for one in model._meta.fields}:
            for row in model._base_manager.all():
                words = f"{[word for word in (*WORDS, PUBLIC) if word in str(row)]} changed"
                model._base_manager.filter(pk=row.pk).update(**{field: words})
        tell_all()


@pytest.fixture(autouse=True)
def receivers_here(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.mark.parametrize("kind", READERS)
def test_nobody_is_told_what_is_hidden(kind):
    registry = sentinels.build()
    facts, allowed = READERS[kind]
    tell_all()
    with receiving() as receiver:
        questions = [(list(RESOURCES), "")] + [([name], f"q={PROBE}") for name in LISTS]
        for resources, question in questions:
            subscribed(receiver.address, resources=resources, question=question, after=0, **facts(registry))
        stir()
        deliver()
        withdraw(agreement=registry.agreements[INTERNAL], by=administrator(), reason=f"{DRAFT} wrong")
        withdraw(agreement=registry.agreements[PUBLIC], by=administrator(), reason="Wrong")
        tell_all()
        deliver()
    sent = "".join(f"{headers} {body.decode()}" for headers, body in receiver.kept).lower()
    assert PUBLIC in sent, "something is told"
    assert not {word for word in SECRET - allowed if word in sent}
    assert all(word in sent for word in allowed), "does this reader see anything?"
    # The others were public for a while, and everybody was told so.
    assert registry.agreements[DRAFT].uid not in sent, "not even that it exists"
