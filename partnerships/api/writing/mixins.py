"""Creating and changing records: check the body, let the service act, answer as reading would."""

from typing import Any

from django.db import models
from rest_framework import exceptions, status
from rest_framework.response import Response

from partnerships.api.errors import Conflict
from partnerships.services import recording

from .agreements import AgreementInput
from .once import WritesOnce


class WritesRecords(WritesOnce):
    """Mixin of a viewset: POST on the list, PATCH on a record."""

    input_class: type
    http_method_names = ["get", "head", "options", "post", "patch"]

    def create(self, request, *args, **kwargs):
        body = self.body(creating=True)
        row = self.record(body.facts(), reason=body.validated_data.get("reason", ""))
        answer = self._answer(row)
        return Response(answer, status.HTTP_201_CREATED, headers={"Location": answer["url"]})

    def partial_update(self, request, *args, **kwargs):
        row = self.get_object()
        body = self.body(creating=False)
        given = body.validated_data
        try:
            row = self.revise(
                row, body.facts(), reason=given.get("reason", ""), read_at=given.get("updated_at")
            )
        except recording.Stale as error:
            raise Conflict from error
        return Response(self._answer(row))

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
        return self.input_class(creating=True) if self.action == "create" else self.input_class(partial=True)

    def record(self, facts: dict[str, Any], **options) -> models.Model:
        """Let the service make a new row."""
        raise NotImplementedError

    def revise(self, row: models.Model, facts: dict[str, Any], **options) -> models.Model:
        """Let the service change a row."""
        raise NotImplementedError

    def _answer(self, row: models.Model) -> dict:
        """The record as reading shows it now."""
        [fresh] = self.complete(list(self.get_queryset().filter(pk=row.pk)))
        return self.get_serializer(fresh).data


class WritesAgreements(WritesRecords):
    """POST and PATCH of agreements with everything that belongs to them."""

    input_class = AgreementInput

    def record(self, facts, **options):
        return recording.record_agreement(by=self.request.user, facts=facts, **options)

    def revise(self, row, facts, **options):
        return recording.revise_agreement(agreement=row, by=self.request.user, facts=facts, **options)


class WritesEntries(WritesRecords):
    """POST and PATCH of what agreements name."""

    def record(self, facts, **options):
        return recording.record_entry(model=self.model, by=self.request.user, facts=facts, **options)

    def revise(self, row, facts, **options):
        return recording.revise_entry(entry=row, by=self.request.user, facts=facts, **options)
