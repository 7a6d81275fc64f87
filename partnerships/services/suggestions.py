"""What visitors report, and what staff decide about it. Nothing of it is shown to the public or mailed."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.choices import REPORTABLE, SuggestionState
from partnerships.models import Suggestion, SuggestionContact
from partnerships.querysets.suggestions import kind_of
from partnerships.services.errors import told_clearly
from people.history import acting
from people.transactions import one_transaction

#: Web addresses that a report may hold: a source or three, no catalogue of links.
MOST_LINKS = 3
#: The same words are taken once in this time, and never while they wait.
SAME_TEXT = timedelta(days=30)
#: So long after the decision it is known who reported: to ask back, then no more.
CONTACT_KEPT = timedelta(days=90)

_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """What somebody says of a record, as it was typed."""

    field: str
    wrong: str
    source: str
    right: str = ""
    name: str = ""
    email: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of its words, however they are spaced and written large or small."""
        words = " ".join(f"{self.wrong} {self.right} {self.source}".casefold().split())
        return hashlib.sha256(words.encode()).hexdigest()

    @property
    def links(self) -> int:
        """How many web addresses it holds."""
        return len(_LINK.findall(f"{self.wrong}\n{self.right}\n{self.source}"))


@one_transaction
def suggest(*, record: Model, report: Report, ticket: str, by=None) -> Suggestion:
    """Put on the desk what somebody reported about a record that they may see.

    Args:
        ticket: of the form; sent a second time, it is the suggestion that is there already.
        by: the signed-in user, for the history; None for a visitor.

    Raises:
        ValidationError: naming ``field``, ``wrong`` or ``source``.
    """
    if known := Suggestion.objects.filter(ticket=ticket).first():
        return known
    kind = kind_of(type(record))
    if report.field not in REPORTABLE[kind]:
        raise ValidationError({"field": _("Choose one of the parts of the page.")})
    if report.links > MOST_LINKS:
        raise ValidationError(
            {
                "wrong": ngettext(
                    "A report holds at most %(number)d web address.",
                    "A report holds at most %(number)d web addresses.",
                    MOST_LINKS,
                )
                % {"number": MOST_LINKS}
            }
        )
    _refuse_twins(report.digest)
    row = Suggestion(
        **{kind: record},
        field=report.field,
        wrong=report.wrong,
        right=report.right,
        source=report.source,
        digest=report.digest,
        ticket=ticket,
    )
    with told_clearly(), acting(user=by):
        row.clean_fields(exclude=["sent_at"])
        row.save()
        if report.name or report.email:
            SuggestionContact.objects.create(suggestion=row, name=report.name, email=report.email)
    return row


def _refuse_twins(digest: str) -> None:
    with connection.cursor() as cursor:
        # Two that come at the same moment would not see each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"suggestion {digest}"])
    same = Suggestion.objects.filter(digest=digest)
    waiting = same.filter(state=SuggestionState.OPEN)
    if waiting.exists() or same.filter(sent_at__gt=timezone.now() - SAME_TEXT).exists():
        raise ValidationError({"wrong": _("These words were sent already; they are looked at.")})


@one_transaction
def decide(*, suggestion: Suggestion, by, state: str, answer: str = "") -> Suggestion:
    """Accept, decline or put aside as spam what was reported; or open it again.

    Accepting changes nothing in the record: whoever accepts edits it, with the source that is named.

    Args:
        answer: why; needed to decline. For the staff and the history, mailed to nobody.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: naming ``state`` or ``answer``.
    """
    row = Suggestion.objects.select_for_update(of=("self",)).with_records().get(pk=suggestion.pk)
    if not by.has_perm("partnerships.change_suggestion", row):
        raise PermissionDenied("You may not decide about records of this office.")
    # One that is open is closed; one that is closed can only be opened again.
    was_open, opens = row.state == SuggestionState.OPEN, state == SuggestionState.OPEN
    if state not in SuggestionState.values or was_open == opens:
        raise ValidationError({"state": "Somebody has decided about it meanwhile. Look at it again."})
    answer = answer.replace("\x00", "").strip()
    if state == SuggestionState.DECLINED and not answer:
        raise ValidationError({"answer": "Say why it is declined."})
    row.state, row.answer = state, answer
    row.decided_by = None if opens else by
    row.decided_at = None if opens else timezone.now()
    with told_clearly(), acting(user=by, reason=answer):
        row.clean_fields(exclude=["sent_at"])
        row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return row


def forget_contacts() -> int:
    """Delete who reported what was decided some time ago; return how many rows that were."""
    before = timezone.now() - CONTACT_KEPT
    return SuggestionContact.objects.no_longer_needed(before).delete()[0]
