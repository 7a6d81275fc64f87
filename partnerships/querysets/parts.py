"""The gate of what belongs to one agreement: seen by whoever sees the agreement."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from partnerships.choices import PublicationState
from people.access import Visibility, sees_everything, sees_internal

from .agreements import of_own_offices


class PartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows whose agreement ``user`` may see."""
        agreements = apps.get_model("partnerships", "Agreement").objects.visible_to(user)
        return self.filter(agreement__in=agreements.values("pk"))

    def for_list(self, user):
        return self.select_related("agreement")

    for_detail = for_list


class DocumentQuerySet(PartQuerySet):
    def visible_to(self, user):
        """Rows whose agreement ``user`` may see, as far as their own visibility allows."""
        rows = super().visible_to(user)
        if sees_everything(user):
            return rows
        reach = Q(visibility=Visibility.PUBLIC)
        if sees_internal(user):
            reach |= Q(visibility=Visibility.INTERNAL)
            own = apps.get_model("partnerships", "Agreement").objects.filter(of_own_offices(user))
            reach |= Q(visibility=Visibility.RESTRICTED, agreement__in=own.values("pk"))
        return rows.filter(reach)

    def once_public(self):
        """Rows that were public at some moment after their agreement was published, as history has it."""
        moments = self.model._meta.get_field("history").related_model.objects
        changed_before = moments.filter(
            pgh_obj=OuterRef("pgh_obj"),
            pgh_id__gt=OuterRef("pgh_id"),
            pgh_created_at__lte=OuterRef("pgh_obj__agreement__published_at"),
        )
        shown = moments.filter(~Exists(changed_before), pgh_obj=OuterRef("pk"), visibility=Visibility.PUBLIC)
        return self.filter(Exists(shown), agreement__published_at__isnull=False)

    def taken_back(self):
        """Rows that were public once and are not, while their agreement is."""
        of_public = self.filter(
            agreement__publication_state=PublicationState.PUBLISHED, agreement__visibility=Visibility.PUBLIC
        )
        return of_public.exclude(visibility=Visibility.PUBLIC).once_public()


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Earlier files of documents that ``user`` may see: for those who read internally alone.

        A file is replaced because something was wrong with it, or in it: everybody sees what holds now.
        """
        if not (sees_internal(user) or sees_everything(user)):
            return self.none()
        documents = apps.get_model("partnerships", "Document").objects.visible_to(user)
        return self.filter(document__in=documents.values("pk"))
