"""Creating, changing and removing records: check the body, let the service act, answer as reading would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from partnerships.api.errors import Conflict
from partnerships.api.fields import page_url
from partnerships.api.preconditions import Preconditions
from partnerships.api.validators import tag_of_data
from partnerships.models import Agreement
from partnerships.services import recording
from partnerships.services.matching import Alike

from .agreements import AgreementInput
from .fields import StrictSerializer, text
from .once import WritesOnce, said_yes

#: What becomes of a record that is removed.
REMOVALS = [("withdrawn", "Withdrawn"), ("deleted", "Deleted")]


class RemovalInput(StrictSerializer):
    """Why a record is removed: `reason` stands in the history, and at the address of one withdrawn."""

    reason = text(Agreement, "withdrawal_reason")


class RemovedSerializer(serializers.Serializer):
    """What became of a record."""

    id = serializers.CharField()
    outcome = serializers.ChoiceField(
        REMOVALS,
        help_text="`withdrawn`: its address answers 410 with the reason; `deleted`: nobody knew of it.",
    )


class StillNamed(Conflict):
    """Others name the record that should be deleted; those that the caller may see are told."""

    def __init__(self, error: recording.Named, request):
        super().__init__(str(error))
        views = {"agreements": "agreement", "institutions": "institution", "focus-areas": "focus-area"}
        self.beside = {
            "named_by": [
                {"id": one.uid, "name": one.name, "resource": one.resource,
                 "url": page_url(f"api:{views[one.resource]}-detail", one.uid, request)}
                for one in error.naming
            ]
        }  # fmt: skip


def translated(error: Exception, request) -> Exception:
    """Return what the API says of a refusal of recording; other errors as they are."""
    if isinstance(error, recording.Stale):
        return Conflict()
    if isinstance(error, Alike):
        return MayBeAnother(error, request)
    return StillNamed(error, request) if isinstance(error, recording.Named) else error


class MayBeAnother(Conflict):
    """Institutions stand that the new one may be."""

    def __init__(self, error: Alike, request):
        super().__init__(str(error))
        self.beside = {
            "candidates": [
                {"id": row.uid, "name": row.name, "score": one.score, "reason": one.reason,
                 "url": page_url("api:institution-detail", row.uid, request)}
                for one in error.candidates
                for row in [one.institution]
            ]
        }  # fmt: skip


class WritesRecords(Preconditions, WritesOnce):
    """Mixin of a viewset: POST on the list, PATCH and DELETE on a record."""

    input_class: type
    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete"]
    also_takes = {"destroy": {"reason"}, "delete_by": {"reason"}}

    def create(self, request, *args, **kwargs):
        return self.made(self.body(creating=True))

    def partial_update(self, request, *args, **kwargs):
        return self.changed(self.get_object(), self.body(creating=False))

    @extend_schema(responses={200: RemovedSerializer})
    def destroy(self, request, *args, **kwargs):
        """Withdraw what is published, delete what nobody knew of."""
        row = self.get_object()
        data = request.data or {"reason": request.query_params.get("reason", "")}
        body = RemovalInput(data=data)
        body.is_valid(raise_exception=True)
        with self.translating():
            outcome = self.if_unchanged(row, lambda: self.remove(row, reason=body.validated_data["reason"]))
        return Response({"id": row.uid, "outcome": outcome})

    def made(self, body, **further) -> Response:
        """Record what a checked body says, and facts beside it; answer the record."""
        with self.translating():
            row = self.record(body.facts() | further, reason=body.validated_data.get("reason", ""))
        answer = self._answer(row)
        headers = {"Location": answer["url"], "ETag": tag_of_data(answer)}
        return Response(answer, status.HTTP_201_CREATED, headers=headers)

    def changed(self, row: models.Model, body, **further) -> Response:
        """Change a record to what a checked body says, and facts beside it; answer the record."""
        given = body.validated_data
        facts = body.facts() | further
        with self.translating():
            row = self.if_unchanged(
                row,
                lambda: self.revise(
                    row, facts, reason=given.get("reason", ""), read_at=given.get("updated_at")
                ),
                told="updated_at" in given,
            )
        return self.answered(row)

    def answered(self, row: models.Model) -> Response:
        """The record after a change, with the tag by which the next one names it."""
        answer = self._answer(row)
        return Response(answer, headers={"ETag": tag_of_data(answer)})

    @contextmanager
    def translating(self) -> Iterator[None]:
        """Let refusals of recording become what the API says of them."""
        try:
            yield
        except (recording.Stale, recording.Named, Alike) as error:
            raise translated(error, self.request) from error

    def body(self, *, creating: bool):
        """The checked body. Raises ValidationError by field."""
        data = self.request.data
        if not isinstance(data, dict):
            raise exceptions.ValidationError("The body must be a JSON object.")
        body = self.input_class(data=data, creating=creating, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return body

    def described_body(self):
        """What the action takes, for the description of the API."""
        if self.action in ("destroy", "delete_by"):
            return RemovalInput()
        return self.input_class(creating=True) if self.action == "create" else self.input_class(partial=True)

    def record(self, facts: dict[str, Any], **options) -> models.Model:
        """Let the service make a new row."""
        raise NotImplementedError

    def record_many(self, many: list[dict[str, Any]], *, reason: str) -> list[models.Model]:
        """Let the service make many new rows. Raises ``recording.Faults``."""
        return recording.each(many, lambda facts: self.record(facts, reason=reason))

    def revise(self, row: models.Model, facts: dict[str, Any], **options) -> models.Model:
        """Let the service change a row."""
        raise NotImplementedError

    def remove(self, row: models.Model, **options) -> str:
        """Let the service remove a row; say what became of it."""
        raise NotImplementedError

    def remove_all(self, many: list[tuple[models.Model, str]]) -> list[str]:
        """Let the service remove many rows, each for its reason. Raises ``recording.Faults``."""
        return recording.each(many, lambda pair: self.remove(pair[0], reason=pair[1]))

    def _answer(self, row: models.Model) -> dict:
        """The record as reading shows it now."""
        [fresh] = self.complete(list(self.get_queryset().filter(pk=row.pk))) or [None]
        if fresh is None:
            raise Http404
        return self.record_of(fresh)


class WritesAgreements(WritesRecords):
    """POST, PATCH and DELETE of agreements with everything that belongs to them."""

    input_class = AgreementInput

    def record(self, facts, **options):
        return recording.record_agreement(by=self.request.user, facts=facts, **options)

    def revise(self, row, facts, **options):
        return recording.revise_agreement(agreement=row, by=self.request.user, facts=facts, **options)

    def record_many(self, many, *, reason):
        return recording.record_agreements(by=self.request.user, many=many, reason=reason)

    def remove_all(self, many):
        return recording.remove_agreements(by=self.request.user, many=many)

    def remove(self, row, **options):
        return recording.remove_agreement(agreement=row, by=self.request.user, **options)


class WritesEntries(WritesRecords):
    """POST, PATCH and DELETE of what agreements name."""

    def record(self, facts, **options):
        return recording.record_entry(model=self.model, by=self.request.user, facts=facts, **options)

    def revise(self, row, facts, **options):
        return recording.revise_entry(entry=row, by=self.request.user, facts=facts, **options)

    def remove(self, row, **options):
        return recording.remove_entry(entry=row, by=self.request.user, **options)


class WritesInstitutions(WritesEntries):
    """The same; a new institution must not be one that stands, unless the caller says that it is another."""

    also_takes = WritesEntries.also_takes | {key: {"accept_similar"} for key in ("create", "bulk", "put_by")}

    def record(self, facts, **options):
        unlike = not said_yes(self.request, "accept_similar")
        return super().record(facts, unlike=unlike, **options)
