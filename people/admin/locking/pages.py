"""The change page of a record that somebody else may be changing at the same time."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Max, Model

from ..forms import OPENED
from ..history.reading import Trail
from ..history.states import state_at
from .lost import LostRecord
from .merging import MINE, THEIRS, Answers, Merge
from .parts import Part, parts_of
from .questions import Question, called, questions_of
from .sent import put_together, take_apart
from .snapshots import Shown, shown_by_forms, shown_by_rows

#: What a form shows when it is opened, as a mark (``Shown.digest``).
OPENED_AS = "opened_as"
#: Names of the questions that a form asks, and of each answer and what was seen.
ASKED, CHOICE, SEEN = "asked", "choice:", "seen:"
UNANSWERED = (
    "Somebody else changed the same as you since you opened this form. Nothing is saved yet; everything "
    "that you typed stands in the form. Choose, and save again."
)


@dataclass(frozen=True)
class Standing:
    """How a stale form was brought in step with the record.

    Args:
        questions: what is still to be decided.
        told: what happened to the record meanwhile, in words.
    """

    questions: list[Question]
    told: str


class SharedEditing(LostRecord):
    """Mixin of a model admin: nobody writes over what somebody else saved meanwhile.

    A form carries the moment to which it shows the record (``token_of``) and a mark of what it
    shows. Where the record moved on, the history tells what the form showed, and three states are
    made one (``Merge``). Where the history does not bear out the mark, every difference is asked about.
    """

    def token_of(self, record: Model) -> str:
        """The moment of the last change of a record or its rows."""
        if hasattr(record, "updated_at"):
            return record.updated_at.isoformat()
        moments = [
            trail.of(record).order_by().aggregate(last=Max("pgh_created_at"))["last"]
            for trail in self.trails()
        ]
        return max(filter(None, moments)).isoformat() if any(moments) else ""

    def bring_in_step(self, request, object_id: str) -> None:
        """Lock the record and put what was sent in step with it; call it in the transaction that saves."""
        record = self._locked(request, object_id)
        if record is None or not self.has_change_permission(request, record):
            return
        if request.POST.get(OPENED, "") == self.token_of(record):
            return
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return
        request._standing = self._merged(request, record)

    def _locked(self, request, object_id: str) -> Model | None:
        rows = self.model._base_manager.select_for_update(of=("self",))
        try:
            return rows.filter(pk=self.model._meta.pk.to_python(unquote(object_id))).first()
        except (ValidationError, ValueError):
            return None

    def _merged(self, request, record: Model) -> Standing:
        opened_at = moment_of(request.POST.get(OPENED))
        asked = _as_reader(request)
        parts = parts_of(self, asked, record)
        form_class = self.get_form(asked, record, change=True)
        theirs = shown_by_rows(form_class(instance=record), parts, lambda part: part.rows)
        sent = take_apart(request.POST, request.FILES, parts)
        opened = opened_at and self._as_opened(record, opened_at, parts, form_class)
        if opened and opened.only(_keys(sent, parts)).digest() != request.POST.get(OPENED_AS):
            opened = None
        merge = Merge(opened, theirs, sent, parts, _answers(request.POST))
        refers = {name: {f"={row.key}": called(row) for row in rows} for name, rows in theirs.rows.items()}
        data, files, places = put_together(sent, parts)
        questions = questions_of(merge, places, refers)
        request.POST, request._files = data, files
        return Standing(questions, self.told_in_short(request, record, opened_at) if opened_at else "")

    def _as_opened(self, record: Model, moment: datetime, parts: list[Part], form_class) -> Shown | None:
        """The form as it was opened, from the history; None where that tells nothing of the record."""
        top = Trail(self.model)
        stood = state_at([top, *(part.trail for part in _flat(parts))], record, moment)
        if not stood[top]:
            return None
        return shown_by_rows(form_class(instance=stood[top][0]), parts, lambda part: stood[part.trail])

    def open_questions(self, request) -> ValidationError | None:
        """Why the form cannot be saved yet, if something is still to be decided."""
        standing = getattr(request, "_standing", None)
        return ValidationError(UNANSWERED) if standing and standing.questions else None

    def tell_of_merge(self, request) -> None:
        """Say after saving that the work of two people stands side by side."""
        standing = getattr(request, "_standing", None)
        if standing and standing.told:
            messages.info(
                request,
                f"Saved together with what changed since you opened the form: {standing.told}. Both stand.",
            )

    def locking_context(self, request, context: dict, record: Model | None) -> dict:
        """What the template needs to carry the form's state, and to ask."""
        standing = getattr(request, "_standing", None)
        sent = request.method == "POST"
        if sent:
            opened_as = request.POST.get(OPENED_AS, "")
        elif record is not None:
            formsets = [shown.formset for shown in context["inline_admin_formsets"]]
            opened_as = shown_by_forms(context["adminform"].form, formsets).digest()
        else:
            opened_as = ""
        return {
            "opened_as": opened_as,
            "standing": standing,
            "files_to_choose_again": [upload.name for upload in request.FILES.values()] if sent else [],
        }


def moment_of(text: str | None) -> datetime | None:
    """The moment that a form carries with it, or None where somebody tampered with it."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _as_reader(request):
    """The same request, as if it asked for the form."""
    asked = type(request).__new__(type(request))
    asked.__dict__ = request.__dict__ | {"method": "GET"}
    return asked


def _flat(parts: list[Part]) -> list[Part]:
    return [found for part in parts for found in (part, *_flat(part.below))]


def _keys(sent, parts: list[Part]) -> dict[str, set[str]]:
    return {part.name: {row.key for row in sent.rows.get(part.name, ())} for part in parts}


def _answers(data) -> Answers:
    asked = data.getlist(ASKED)
    chosen = {name: data.get(CHOICE + name) for name in asked}
    return Answers(
        {name: choice for name, choice in chosen.items() if choice in (THEIRS, MINE)},
        {name: data.get(SEEN + name, "") for name in asked},
    )
