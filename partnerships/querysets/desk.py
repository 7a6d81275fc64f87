"""Questions that staff ask of agreements day by day: what waits, what falls due, what lacks something."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from partnerships.choices import EndKind, PublicationState, RelationKind, Renewal
from partnerships.deadlines import DeadlineKind, annotations, less_notice

#: How far ahead the desk looks, in days.
AHEAD = (30, 60, 90)
A_YEAR = timedelta(days=366)
GAPS = {
    "source": "No source",
    "end": "End not known",
    "document": "No document",
    "signing": "Date of signing not known",
}
SCOPES = {"mine": "My records", "office": "My offices", "all": "Everything"}


class DeskQuestions:
    """Mixin of the queryset of agreements."""

    def of_scope(self, scope: str, user):
        """Records that ``user`` looks after (``mine``), those of their offices (``office``), or all."""
        if scope == "mine":
            return self.looked_after_by(user)
        return self.filter(office__in=user.office_ids) if scope == "office" else self

    def looked_after_by(self, user):
        """Records of which ``user`` is owner or backup."""
        return self.filter(Q(owner=user.pk) | Q(backup=user.pk))

    # --- what waits -------------------------------------------------------------------------------

    def to_review_by(self, user, offices: Iterable[int]):
        """Records in review that ``user`` may publish: of ``offices``, where they are a reviewer."""
        waiting = self.filter(publication_state=PublicationState.IN_REVIEW)
        if user.is_superuser:
            return waiting
        offices = list(offices)
        ownerless = Q(office__isnull=True) if offices else Q(pk__in=[])
        return waiting.filter(Q(office__in=offices) | ownerless)

    def drafts_of(self, user):
        """Drafts that ``user`` looks after."""
        return self.looked_after_by(user).filter(publication_state=PublicationState.DRAFT)

    def sent_back(self):
        """Drafts that a reviewer returned, with what was said (``sent_back_reason``) and when.

        Derived from the history: from review a record becomes a draft again only by being sent back.
        """
        events = _history().filter(pgh_obj=OuterRef("pk"))
        reviewed = events.filter(publication_state=PublicationState.IN_REVIEW)
        last_review = reviewed.order_by("-pgh_id").values("pgh_id")[:1]
        return (
            self.filter(Exists(reviewed), publication_state=PublicationState.DRAFT)
            .alias(last_review=Subquery(last_review))
            .annotate(
                sent_back_reason=Subquery(
                    events.filter(
                        pgh_id__gt=OuterRef("last_review"), publication_state=PublicationState.DRAFT
                    )
                    .order_by("pgh_id")
                    .values("pgh_context__metadata__reason")[:1]
                )
            )
        )

    # --- deadlines --------------------------------------------------------------------------------

    def with_deadlines(self, user, on: date | None = None):
        """Annotate ``end_deadline`` and ``notice_deadline``; takes agreements ``with_status``."""
        visible = self.model.objects.visible_to(user).values("pk")
        relations = apps.get_model("partnerships", "AgreementRelation").objects.filter(agreement__in=visible)
        return self.annotate(**annotations(on or timezone.localdate(), relations))

    def due_between(self, kind: str, first: date, last: date):
        """Agreements (``with_deadlines``) with a deadline of ``kind`` from ``first`` to ``last``.

        Candidates come from the indexes of ends: of first terms, and of later ones.
        """
        column = "end_deadline" if kind == DeadlineKind.END else "notice_deadline"
        return self.filter(**{f"{column}__range": (first, last)}, pk__in=self._near(kind, first, last))

    def _near(self, kind: str, first: date, last: date, ends_from: date | None = None):
        own = self.model.objects.order_by().filter(ends_on__first_day__gte=ends_from or first)
        later = apps.get_model("partnerships", "Period").objects.order_by()
        later = later.filter(ends_on__first_day__gte=ends_from or first)
        if kind == DeadlineKind.END:
            own = own.filter(ends_on__first_day__lte=last)
            later = later.filter(ends_on__first_day__lte=last)
        else:
            day = less_notice(F("ends_on__first_day"))
            own = own.alias(day=day).filter(notice_amount__isnull=False, day__range=(first, last))
            later = later.filter(agreement__notice_amount__isnull=False)
        return own.values("pk").union(later.values("agreement"))

    def notice_passed(self, on: date):
        """Agreements (``with_deadlines``) that renew themselves, because nobody gave notice in time."""
        return self.filter(
            renewal=Renewal.AUTOMATIC,
            notice_deadline__lt=on,
            end_deadline__gte=on,
            pk__in=self._near(DeadlineKind.NOTICE, date.min, on - timedelta(days=1), ends_from=on),
        )

    def without_follow_up(self, user, on: date):
        """Published agreements (``with_status``) that ended in the last year, and that nothing follows."""
        followed = apps.get_model("partnerships", "AgreementRelation").objects.filter(
            target=OuterRef("pk"),
            kind__in=[RelationKind.RENEWS, RelationKind.SUPERSEDES],
            agreement__in=self.model.objects.visible_to(user).values("pk"),
        )
        # A partial date may begin a year before it is over.
        near = self._near(DeadlineKind.END, on - 2 * A_YEAR, on)
        return self.filter(
            # The status is "ended" just where this holds: reckoning it for each would take long.
            Q(terminated_on__isnull=True) | Q(terminated_on__first_day__gt=on),
            ~Exists(followed),
            publication_state=PublicationState.PUBLISHED,
            current_end_kind=EndKind.DATE,
            current_ends_on__day_after__lte=on,
            current_ends_on__day_after__gt=on - A_YEAR,
            pk__in=near,
        )

    # --- gaps and changes -------------------------------------------------------------------------

    def lacking(self, gap: str):
        """Records (``with_status``) that are not withdrawn and lack what ``gap`` (of ``GAPS``) names."""
        if gap == "source":
            # What is published has a source: the database sees to that.
            return self.filter(
                ~Exists(_part("Source")),
                publication_state__in=[PublicationState.DRAFT, PublicationState.IN_REVIEW],
            )
        kept = self.exclude(publication_state=PublicationState.WITHDRAWN)
        if gap == "document":
            return kept.filter(~Exists(_part("Document")))
        if gap == "end":
            unknown = Q(end_kind=EndKind.UNKNOWN)
            unknown |= Exists(_part("Period").filter(end_kind=EndKind.UNKNOWN))
            return kept.filter(unknown, current_end_kind=EndKind.UNKNOWN, terminated_on__isnull=True)
        return kept.filter(signed_on__isnull=True)

    def changed_by_others(self, user, since: datetime):
        """Records that changed after ``since``, and last not by ``user``."""
        contexts = apps.get_model("pghistory", "Context").objects
        own = contexts.filter(created_at__gt=since, metadata__user=user.pk).values("created_at")
        return self.filter(updated_at__gt=since).exclude(updated_at__in=own)


def days_ahead(days: int) -> tuple[date, date]:
    """Return today, and the day that lies ``days`` ahead."""
    today = timezone.localdate()
    return today, today + timedelta(days=days)


def _part(name: str):
    return apps.get_model("partnerships", name).objects.filter(agreement=OuterRef("pk"))


def _history():
    return apps.get_model("partnerships", "AgreementHistory").objects
