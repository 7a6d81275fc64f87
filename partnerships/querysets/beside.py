"""What staff keep beside the records: notes, commitments, saved filters. Each has its gate here."""

from datetime import date, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Q

from people.access import Disclosure, Visibility, office_ids, sees_drafts, sees_everything, sees_internal

from .parts import PartQuerySet


class NoteQuerySet(PartQuerySet):
    def visible_to(self, user):
        """Notes for staff on records that ``user`` may see; those for an office, where they are a member.

        Whoever only reads from outside (a token, an account that is no staff) sees none.
        """
        if not (sees_drafts(user) or sees_everything(user)):
            return self.none()
        rows = super().visible_to(user)
        if sees_everything(user):
            return rows
        theirs = Q(visibility=Visibility.RESTRICTED, agreement__office__in=office_ids(user))
        return rows.filter(Q(visibility=Visibility.INTERNAL) | theirs)


class CommitmentQuerySet(PartQuerySet):
    def visible_to(self, user):
        """Commitments of records that ``user`` may see; internal ones for whoever reads internally."""
        rows = super().visible_to(user)
        if sees_internal(user) or sees_everything(user):
            return rows
        return rows.filter(visibility=Disclosure.PUBLIC)

    def public(self):
        """Those that may stand on the page of a public agreement."""
        return self.filter(visibility=Disclosure.PUBLIC)

    def overdue(self, today: date):
        """Open ones that are certainly late: every day of their due date lies before ``today``."""
        return self.filter(state="open", due_on__day_after__lte=today)

    def due_within(self, today: date, days: int):
        """Open ones whose due date may fall from ``today`` up to ``days`` days later."""
        last = today + timedelta(days=days)
        return self.filter(state="open", due_on__day_after__gt=today, due_on__first_day__lte=last)

    def with_names(self, user):
        """What a row shows, in a fixed number of statements; persons as far as ``user`` may see them."""
        persons = apps.get_model("people", "Person").objects.visible_to(user)
        return self.select_related("agreement", "source", "party__institution").prefetch_related(
            models.Prefetch("person", persons)
        )


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those shared with one's offices."""
        if not getattr(user, "is_staff", False) or not user.is_active:
            return self.none()
        return self.filter(Q(owner=user.pk) | Q(office__in=office_ids(user)))
