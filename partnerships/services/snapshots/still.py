"""The registry as the change feed told it, held still while it is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from partnerships.models import ToldRecord
from partnerships.querysets.feed import RESOURCES
from partnerships.services.feed import standing
from partnerships.services.feed.forms import STRANGER

#: Moves when a key is added to or taken from a record, or means something else.
SCHEMA_VERSION = "1"
#: Records fetched at a time.
CHUNK = 500


@dataclass(frozen=True)
class Still:
    """One moment of the registry.

    Attributes:
        cursor: where the change feed stands: whoever follows it from here misses nothing.
        shown: turns the JSON text of a record into what is written (it puts the host before addresses).
    """

    cursor: str
    at: datetime
    shown: Callable[[str], str]

    @property
    def about(self) -> dict:
        """What is said of the whole."""
        return {"schema_version": SCHEMA_VERSION, "at": self.at.isoformat(), "cursor": self.cursor}

    def texts(self, resource: str) -> Iterator[str]:
        """The public records of a resource as JSON texts, by id; few are in memory at a time."""
        # What was hidden a moment ago may not have been told yet; it is left out all the same.
        visible = apps.get_model(*RESOURCES[resource]).objects.visible_to(STRANGER).order_by()
        told = ToldRecord.objects.visible_to(STRANGER).filter(resource=resource, key__in=visible.values("pk"))
        rows = told.order_by("uid").values_list("public", flat=True)
        return map(self.shown, rows.iterator(chunk_size=CHUNK))


@contextmanager
def standing_still(shown: Callable[[str], str] = str) -> Iterator[Still]:
    """Read from one snapshot of the database for the length of the block."""
    with transaction.atomic():
        # Inside a transaction of somebody else (a test) it is theirs to say.
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _, cursor = standing()
        yield Still(cursor, timezone.now(), shown)
