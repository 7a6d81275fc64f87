"""Creating and changing records: check the body, let the service act, answer as reading would."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from partnerships.api.errors import Conflict
from partnerships.api.preconditions import Preconditions
from partnerships.api.validators import tag_of_data
from partnerships.services import recording

from .agreements import AgreementInput


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "too_large"


class WritesRecords(Preconditions):
    """Mixin of a viewset: POST on the list, PATCH on a record."""

    input_class: type
    http_method_names = ["get", "head", "options", "post", "patch"]

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("POST", "PATCH"):
            self.select_for_record()
            if not request.user.is_authenticated:
                raise exceptions.NotAuthenticated("Writing needs a token, or a signed-in member of staff.")
            if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise TooLarge

    def create(self, request, *args, **kwargs):
        body = self.body(creating=True)
        row = self.record(body.facts(), reason=body.validated_data.get("reason", ""))
        answer = self._answer(row)
        headers = {"Location": answer["url"], "ETag": tag_of_data(answer)}
        return Response(answer, status.HTTP_201_CREATED, headers=headers)

    def partial_update(self, request, *args, **kwargs):
        row = self.get_object()
        body = self.body(creating=False)
        given = body.validated_data
        try:
            row = self.if_unchanged(
                row,
                lambda: self.revise(
                    row, body.facts(), reason=given.get("reason", ""), read_at=given.get("updated_at")
                ),
                told="updated_at" in given,
            )
        except recording.Stale as error:
            raise Conflict from error
        return self.answered(row)

    def answered(self, row: models.Model) -> Response:
        """The record after a change, with the tag by which the next one names it."""
        answer = self._answer(row)
        return Response(answer, headers={"ETag": tag_of_data(answer)})

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
        [fresh] = self.complete(list(self.get_queryset().filter(pk=row.pk))) or [None]
        if fresh is None:
            raise Http404
        return self.record_of(fresh)


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
