"""The gate of what visitors reported: for staff, as far as they see the record that it is about."""

from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import Q

from partnerships.choices import SuggestionState
from people.access import office_ids, sees_drafts, sees_everything

#: Where a record stands: the field of the suggestion, and the model.
RECORDS = {
    "agreement": ("partnerships", "Agreement"),
    "institution": ("partnerships", "Institution"),
    "person": ("people", "Person"),
    "event": ("partnerships", "Event"),
    "focus_area": ("partnerships", "FocusArea"),
}


def kind_of(model: type[models.Model]) -> str:
    """Return the field by which a suggestion names records of ``model``; empty where it names none."""
    return next((field for field, label in RECORDS.items() if ".".join(label) == model._meta.label), "")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Suggestions on records that ``user`` may see, for whoever works on records; none for others."""
        if sees_everything(user):
            return self.all()
        if not sees_drafts(user):
            return self.none()
        reach = Q()
        for field, model in RECORDS.items():
            records = apps.get_model(*model).objects.visible_to(user).order_by()
            reach |= Q(**{f"{field}__isnull": False, f"{field}__in": records.values("pk")})
        return self.filter(reach)

    def waiting_for(self, user):
        """Open ones on records of the own offices, and on what belongs to no office."""
        rows = self.visible_to(user).filter(state=SuggestionState.OPEN)
        if sees_everything(user):
            return rows
        return rows.filter(
            Q(agreement__isnull=True)
            | Q(agreement__office__isnull=True)
            | Q(agreement__office__in=office_ids(user))
        )

    def with_records(self):
        """The record beside each, in the same statement."""
        return self.select_related(*RECORDS, "decided_by")


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who reported what ``user`` may see."""
        suggestions = apps.get_model("partnerships", "Suggestion").objects.visible_to(user)
        return self.filter(suggestion__in=suggestions.values("pk"))

    def no_longer_needed(self, before: datetime):
        """Those whose report was decided before ``before``."""
        return self.filter(suggestion__decided_at__lt=before)
