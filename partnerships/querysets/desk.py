"""What a person at the desk asks of the cards: what is theirs, what is due, what lacks something."""

from datetime import date, datetime, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, TextChoices
from django.db.models.functions import Cast

from partnerships.choices import EndKind, PublicationState, RelationKind, Renewal, Status
from partnerships.deadlines import DeadlineKind, NoticeBy

from .agreements import within_reach


class Whose(TextChoices):
    """Whose records are meant."""

    MINE = "mine", "Mine: I look after them"
    OFFICES = "offices", "Of my offices"


class Due(TextChoices):
    """Where somebody has to act, or should have acted."""

    END_30 = "end_30", "Ends within 30 days"
    END_60 = "end_60", "Ends within 60 days"
    END_90 = "end_90", "Ends within 90 days"
    NOTICE_30 = "notice_30", "Notice due within 30 days"
    NOTICE_60 = "notice_60", "Notice due within 60 days"
    NOTICE_90 = "notice_90", "Notice due within 90 days"
    RENEWS = "renews", "Renews by itself: the day for notice has passed"
    ENDED = "ended", "Ended in the last year, and nothing follows"


class Gap(TextChoices):
    """What a record lacks."""

    SOURCE = "source", "No source"
    END = "end", "End not known"
    SIGNING = "signing", "Date of signing not known"
    DOCUMENT = "document", "No document"


class DeskQuestions(models.QuerySet):
    """Mixin of the queryset of cards."""

    def that_are(self, whose: str, user):
        """Cards of records that ``user`` looks after, or of the offices in which they have a role."""
        if whose == Whose.MINE:
            return self.filter(
                agreement__in=_model("Agreement").objects.order_by().looked_after_by(user).values("pk")
            )
        return self.filter(office_id__in=user.office_ids)

    def due(self, what: str, user, on: date):
        """Cards with a deadline of the kind ``what`` (``Due``), seen from day ``on``.

        The same as ``due_between`` of agreements, of which a card knows all but the notice period. A
        successor that ``user`` may not see does not count.
        """
        if what == Due.ENDED:
            return self._ended_without_follow_up(user, on)
        if what == Due.RENEWS:
            last = _model("Agreement").objects.latest_end(on)
            late = self._running_until(on, last).filter(agreement__renewal=Renewal.AUTOMATIC)
            return late._with_notice_day().filter(notice_day__lt=on)
        kind, _, days = what.partition("_")
        last = on + timedelta(days=int(days))
        if kind == DeadlineKind.END:
            return self._running_until(on, last)
        near = self._running_until(on, _model("Agreement").objects.latest_end(last))
        return near._with_notice_day().filter(notice_day__gte=on, notice_day__lte=last)

    def _running_until(self, first: date, last: date):
        """Cards of agreements that run, and whose end may come from ``first`` to ``last``."""
        over = Q(publication_state=PublicationState.WITHDRAWN)
        over |= Q(statuses__overlap=[Status.TERMINATED, Status.SUPERSEDED])
        return self.filter(ends_on__first_day__gte=first, ends_on__first_day__lte=last).exclude(over)

    def _with_notice_day(self):
        amount = Cast("agreement__notice_amount", models.IntegerField())
        stated = self.filter(agreement__notice_amount__isnull=False)
        return stated.alias(notice_day=NoticeBy(F("ends_on__first_day"), amount, F("agreement__notice_unit")))

    def _ended_without_follow_up(self, user, on: date):
        follows = _model("AgreementRelation").objects.filter(
            within_reach(user, "agreement__"),
            target=OuterRef("pk"),
            kind__in=[RelationKind.RENEWS, RelationKind.SUPERSEDES],
        )
        published = self.filter(publication_state=PublicationState.PUBLISHED)
        recent = published.with_end_within(on - A_YEAR, on)
        return recent.with_status([Status.ENDED], None, on).exclude(Exists(follows))

    def lacking(self, what: str):
        """Cards of records without a ``Gap``; what is withdrawn or terminated needs nothing any more."""
        cards = self.exclude(publication_state=PublicationState.WITHDRAWN)
        if what == Gap.SIGNING:
            return cards.filter(signed_on__isnull=True)
        if what == Gap.END:
            return cards.without_end(EndKind.UNKNOWN).exclude(statuses__contains=[Status.TERMINATED])
        if what == Gap.SOURCE:
            # What is published has one: the database sees to it.
            cards = cards.filter(publication_state__in=[PublicationState.DRAFT, PublicationState.IN_REVIEW])
            return cards.filter(~Exists(_model("Source").objects.filter(agreement=OuterRef("pk"))))
        return cards.filter(~Exists(_model("Document").objects.filter(agreement=OuterRef("pk"))))

    def for_review_in(self, offices: list[int], *, ownerless: bool):
        """Cards of records in review that belong to ``offices``, or to none where ``ownerless``."""
        own = Q(office_id__in=offices)
        own |= Q(office_id__isnull=True) if ownerless else Q()
        return self.filter(own, publication_state=PublicationState.IN_REVIEW)

    def sent_back_to(self, user):
        """Cards of drafts that a reviewer sent back, and that ``user`` submitted or looks after."""
        drafts = _model("Agreement").objects.order_by().filter(publication_state=PublicationState.DRAFT)
        back = drafts.exclude(sent_back_comment="")
        theirs = Q(submitted_by=user.pk) | Q(owner=user.pk) | Q(backup=user.pk)
        return self.filter(agreement__in=back.filter(theirs).values("pk"))

    def changed_after(self, moment: datetime):
        return self.filter(updated_at__gt=moment)


A_YEAR = timedelta(days=365)


def _model(name: str):
    return apps.get_model("partnerships", name)
