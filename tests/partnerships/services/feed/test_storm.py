"""A copy that follows the feed, while everybody writes at once, ends as the registry itself does.

``ENTENTE_STORM=300`` has the storm last so many seconds; ``-s`` shows what it did.
"""

import os
import sys
import threading
import time
from collections import Counter

import pytest
from django.db import connection

from examples.replica import Replica
from partnerships.services.feed import tell_all, waiting
from partnerships.services.feed.checking import differences
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    OfficeFactory,
    PersonFactory,
    SubjectFactory,
    administrator,
)

from .copies import copy_of, fresh_export
from .writers import Writer

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = float(os.environ.get("ENTENTE_STORM", 6))
WRITERS = 4


@pytest.fixture
def registry():
    boss, offices = administrator(username="publisher"), OfficeFactory.create_batch(2)
    institutions = InstitutionFactory.create_batch(12)
    PersonFactory.create_batch(4)
    for _ in range(3):
        SubjectFactory(agreement=AgreementFactory(parties=institutions[:2]))
    for number in range(8):
        AgreementFactory(parties=institutions[number : number + 3], office=offices[0], published=True)
    return boss, offices


def test_a_copy_stays_in_step_through_a_storm(live_server, registry, tmp_path):
    boss, offices = registry
    replica = Replica(live_server.url, str(tmp_path / "copy.sqlite"))
    stop, until = threading.Event(), time.monotonic() + SECONDS
    teller = threading.Thread(target=_tell, args=[stop])
    writers = [Writer(seed, boss, offices, until) for seed in range(WRITERS)]
    for thread in (teller, *writers):
        thread.start()
    entries = 0
    while any(writer.is_alive() for writer in writers):
        entries += replica.follow(wait=1)
    stop.set()
    for thread in (teller, *writers):
        thread.join(30)
    assert not [writer.failure for writer in writers if writer.failure]
    done = sum((writer.done for writer in writers), Counter())
    tell_all()
    while number := replica.follow(wait=0):
        entries += number

    copied, exported = copy_of(replica), fresh_export(replica)
    assert copied == exported
    assert copied.count(b"\n") > 10 and entries > 10
    assert list(differences()) == []
    assert b"Never told" not in copied
    # What a writer does is drawn; in a short storm not everything has its turn.
    expected = {"do_edit", "do_publish"} | ({"do_merge", "do_part"} if SECONDS >= 60 else set())
    assert {name for name, number in done.items() if number} >= expected
    refused = sum((writer.refused for writer in writers), Counter())
    told = f"{SECONDS:.0f} s: {dict(done)}, refused {dict(refused)}; {entries} entries, {len(copied)} bytes"
    sys.stdout.write(f"\n{told}\n")


def _tell(stop: threading.Event) -> None:
    try:
        waiting.keep_telling(stop)
    finally:
        connection.close()
