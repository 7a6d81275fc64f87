"""Questions about agreements."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.db.models import Prefetch, Q
from django.utils import timezone

from partnerships.choices import PublicationState
from partnerships.status import IN_FORCE, current_end, status_on
from people.access import Visibility, office_ids, sees_drafts, sees_everything, sees_internal

from .deadlines import DeadlineQuestions


def within_reach(user, of: str = "") -> Q:
    """The condition for agreements, or their cards, that ``user`` may see.

    Everybody sees what is published and public. Who reads internally sees published internal
    records as well, and restricted ones that the own offices own or are named for; who works on
    records sees them in every publication state.

    Args:
        of: where the agreement stands as seen from the rows that are narrowed: ``agreement__``.
    """
    if sees_everything(user):
        return Q()
    seen = f"{of}visibility"
    reach = Q((seen, Visibility.PUBLIC))
    if sees_internal(user):
        reach |= Q((seen, Visibility.INTERNAL))
        reach |= Q((seen, Visibility.RESTRICTED)) & of_own_offices(user, of)
    if not sees_drafts(user):
        reach &= Q((f"{of}publication_state", PublicationState.PUBLISHED))
    return reach


def of_own_offices(user, of: str = "") -> Q:
    """The condition for agreements, or their cards, that an office of ``user`` owns or is named for."""
    own = office_ids(user)
    named = _model("SharedOffice").objects.filter(office__in=own)
    return Q((f"{of}office_id__in", own)) | Q((f"{of}pk__in", named.values("agreement")))


def sees_public_only(user) -> bool:
    """True for a visitor who sees exactly what everybody sees."""
    return within_reach(user) == within_reach(None)


class AgreementQuerySet(DeadlineQuestions):
    def visible_to(self, user):
        """The gate: rows that ``user`` may see. Every other road asks here."""
        return self.filter(within_reach(user))

    def withdrawn_from_public(self):
        """Records that everybody could see once: their address answers 410 with the reason."""
        return self.filter(
            publication_state=PublicationState.WITHDRAWN,
            visibility=Visibility.PUBLIC,
            published_at__isnull=False,
        )

    def with_status(self, user, on: date | None = None):
        """Annotate ``status``, ``current_end_kind`` and ``current_ends_on`` as of day ``on`` (today).

        The status tells nothing of records that ``user`` may not see.
        """
        on = on or timezone.localdate()
        relations = _model("AgreementRelation").objects.filter(within_reach(user, "agreement__"))
        periods = _model("Period").objects.all()
        return self.annotate(**current_end(periods)).annotate(
            status=status_on(on, periods=periods, relations=relations)
        )

    def in_force_on(self, on: date, user=None):
        """Agreements that are certainly in force on day ``on``."""
        return self.with_status(user, on).filter(status__in=IN_FORCE)

    def with_party(self, institution_ids):
        """Agreements to which one of the institutions is a party."""
        parties = _model("Party").objects.filter(institution__in=institution_ids)
        return self.filter(pk__in=parties.values("agreement"))

    def between(self, first, second):
        """Agreements to which both institutions are parties."""
        parties = _model("Party").objects
        for institution in (first, second):
            self = self.filter(pk__in=parties.filter(institution=institution).values("agreement"))
        return self

    def for_list(self, user):
        """Everything that a row of a list shows, in a fixed number of statements."""
        return (
            self.with_status(user)
            .select_related("event")
            .prefetch_related("parties__institution__country", "subjects__focus_area")
        )

    def for_detail(self, user, parts: Iterable[str] | None = None):
        """Everything that a page or an API record shows, in a fixed number of statements.

        Args:
            parts: which of the parts of ``detail_parts`` to fetch; all where None.
        """
        known = self.detail_parts(user)
        chosen = known if parts is None else [part for part in known if part in set(parts)]
        return (
            self.with_status(user)
            .select_related("event", "signed_country", "office")
            .prefetch_related(*(lookup for part in chosen for lookup in known[part]))
        )

    def detail_parts(self, user) -> dict[str, list]:
        """What hangs on an agreement, by name: the prefetches that bring what ``user`` may see of it."""
        visible = self.model.objects.visible_to(user)
        relations = _model("AgreementRelation").objects
        ahead = relations.filter(target__in=visible).select_related("target")
        back = relations.filter(agreement__in=visible).select_related("agreement")
        return {
            "parties": ["parties__institution__country"],
            "signatories": ["parties__institution", "parties__signatories__person"],
            "statements": ["statements__person", "statements__institution", "sources"],
            "subjects": ["subjects__focus_area"],
            "activities": ["activities__from_party__institution", "activities__to_party__institution"],
            "sources": ["sources"],
            "periods": ["periods"],
            "amendments": [
                "amendments__terms",
                Prefetch("amendments__document", _model("Document").objects.visible_to(user)),
                "sources",
            ],
            "identifiers": ["identifiers"],
            "documents": [Prefetch("documents", _model("Document").objects.visible_to(user))],
            "relations": [Prefetch("relations", ahead)],
            "inverse_relations": [Prefetch("inverse_relations", back)],
        }


def _model(name: str):
    return apps.get_model("partnerships", name)
