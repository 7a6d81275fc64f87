"""Questions of harvesters: what changed between two moments, read on from a key."""

from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet


class HarvestQuerySet(QuerySet):
    """Entries of records that are public or were. What they tell of one that is not is its id and a date."""

    def changed(self, since: datetime | None, before: datetime | None):
        """Entries whose datestamp lies from ``since`` up to, not including, ``before``."""
        found = self
        if since:
            found = found.filter(datestamp__gte=since)
        if before:
            found = found.filter(datestamp__lt=before)
        return found

    def under(self, heading: int | None):
        """Entries of one set, given by the id of its heading; all where None."""
        return self if heading is None else self.filter(keys__contains=[heading])

    def behind(self, datestamp: datetime, key: int):
        """Entries that come after this place in the order of harvesting."""
        later = Q(datestamp__gt=datestamp) | Q(datestamp=datestamp, agreement_id__gt=key)
        # Says again what the whole implies, so that the index is entered there.
        return self.filter(later, datestamp__gte=datestamp)

    def in_order(self):
        return self.order_by("datestamp", "agreement_id")


def complete_until() -> datetime:
    """Return the moment up to which harvesters have seen everything.

    A datestamp is the beginning of a transaction, and others see it when that ends. What is still at
    work may bring datestamps from its own beginning on: the oldest such moment is returned.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPLETE_UNTIL)
        return cursor.fetchone()[0]


_COMPLETE_UNTIL = """
    SELECT least(statement_timestamp(), min(xact_start)) FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
