"""Copies of an agreement: as a template for another one, or as the successor that renews it."""

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.choices import PublicationState, RelationKind
from partnerships.models import Activity, Agreement, AgreementFocusArea, AgreementRelation, Party
from partnerships.services.errors import told_clearly
from partnerships.services.rules import Rule
from people.access import office_ids
from people.history import acting
from people.models import Office
from people.transactions import one_transaction

from .common import changing
from .terms import terminated

#: Whoever records agreements copies any record that they see.
DUPLICATE = Rule("add", frozenset(PublicationState), anywhere=True)
RENEW = Rule("change", refusal=terminated)
#: What a copy takes over: terms without dates. A date, an end or a signature it has of its own.
_TERMS = (
    "type", "summary", "languages", "visibility", "term_as_stated", "renewal", "renewal_note",
    "notice_amount", "notice_unit", "binding",
)  # fmt: skip
_TITLE = Agreement._meta.get_field("title").max_length


@one_transaction
def duplicate(*, agreement: Agreement, by, office: Office | None = None, reason: str = "") -> Agreement:
    """Return a new draft with the parties, subjects, activities and undated terms of a record.

    Args:
        office: to which the copy belongs; without one the record's own, or the only one of ``by``.

    Raises:
        PermissionDenied: ``by`` may not record agreements (there).
        ValidationError: naming ``office``, where it must be said.
    """
    locked = DUPLICATE.lock(agreement, by)
    if not Agreement.objects.visible_to(by).filter(pk=locked.pk).exists():
        raise PermissionDenied("You may not see this record.")
    return _copy(locked, by, f"{locked.title[: _TITLE - 7]} (copy)", _home(locked, by, office),
                 reason or f"copied from “{locked.title}”")  # fmt: skip


@one_transaction
def renew(*, agreement: Agreement, by, title: str = "", reason: str = "") -> Agreement:
    """Return a new draft that renews the record: a copy as of ``duplicate``, related to it.

    Args:
        title: of the successor; the record's own where none is given.

    Raises:
        PermissionDenied: ``by`` may not change the record or add one to its office.
        ValidationError: the record was terminated.
    """
    reason = reason or f"renews “{agreement.title}”"
    with changing(RENEW, agreement, by, reason) as locked:
        successor = _copy(locked, by, title.strip() or locked.title, locked.office, reason)
        AgreementRelation.objects.create(agreement=successor, kind=RelationKind.RENEWS, target=locked)
    return successor


def _home(agreement: Agreement, by, office: Office | None) -> Office | None:
    """The office to which a copy belongs."""
    if office is not None:
        return office
    if by.has_perm("partnerships.add_agreement", agreement):
        return agreement.office
    may = [
        one
        for one in Office.objects.filter(pk__in=office_ids(by))
        if by.has_perm("partnerships.add_agreement", Agreement(office=one))
    ]
    if len(may) != 1:
        raise ValidationError({"office": "Say to which of your offices the copy belongs."})
    return may[0]


def _copy(agreement: Agreement, by, title: str, office: Office | None, reason: str) -> Agreement:
    copy = Agreement(title=title, office=office, **{name: getattr(agreement, name) for name in _TERMS})
    DUPLICATE.at_home(copy, by)
    with told_clearly(), acting(user=by, reason=reason):
        copy.clean_fields(exclude=["event", "signed_country", "office"])
        copy.save()
        parties = {}
        for party in agreement.parties.all():
            facts = {"institution_id": party.institution_id, "role": party.role, "position": party.position}
            parties[party.pk] = Party.objects.create(agreement=copy, **facts)
        for subject in agreement.subjects.all():
            AgreementFocusArea.objects.create(
                agreement=copy, focus_area_id=subject.focus_area_id, emphasised=subject.emphasised
            )
        for activity in agreement.activities.all():
            Activity.objects.create(
                agreement=copy,
                from_party=parties.get(activity.from_party_id),
                to_party=parties.get(activity.to_party_id),
                **{name: getattr(activity, name) for name in _OF_ACTIVITY},
            )
    return copy


_OF_ACTIVITY = ("kind", "direction", "quota", "quota_note", "description", "position")
