"""``If-Match``: a change is made only where the record is as its author read it."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db.models import Model
from django.http import Http404
from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError

from people.transactions import one_transaction

from .validators import named, tag_of_data

T = TypeVar("T")
_HEADERS = ("If-Match", "If-None-Match")


class PreconditionFailed(APIException):
    """The record is not as the header says."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The record has changed since you read it; read it again. Nothing was written."
    default_code = "precondition_failed"


class PreconditionRequired(APIException):
    """This registry wants to know what the caller has read."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send “If-Match” with the “ETag” of the record as you read it."
    default_code = "precondition_required"


class Preconditions:
    """Mixin of a viewset whose records can be changed."""

    def if_unchanged(self, row: Model, act: Callable[[], T], *, told: bool = False) -> T:
        """Do ``act`` where the record of ``row`` is as the request's preconditions say.

        The row is locked first, in the transaction of the act: of two that read the same, one wins.

        Args:
            act: changes the row; it runs again where the database had to break a tie.
            told: the caller has said otherwise what it read.

        Raises:
            PreconditionFailed, PreconditionRequired
        """
        if not any(name in self.request.headers for name in _HEADERS):
            if settings.API_REQUIRE_IF_MATCH and not told:
                raise PreconditionRequired
            return act()
        return one_transaction(self._done_if_unchanged)(row, act)

    def _done_if_unchanged(self, row: Model, act: Callable[[], T]) -> T:
        if not self.model.objects.select_for_update().filter(pk=row.pk).values("pk"):
            raise Http404
        tag = self.tag_of(row)
        wanted, unwanted = (self.request.headers.get(name) for name in _HEADERS)
        if wanted is not None and not named(in_quotes(wanted), tag, strong=True):
            raise PreconditionFailed
        if unwanted is not None and named(unwanted, tag):
            raise PreconditionFailed
        return act()

    def tag_of(self, row: Model) -> str:
        """The tag that reading the record at this address gives now."""
        return tag_of_data(self._answer(row))


def in_quotes(header: str) -> str:
    """Return a header that holds tags. Raises ValidationError where it holds none."""
    if not parse_etags(header):
        message = "Give tags as they were read, in quotation marks, or *."
        raise ValidationError({"If-Match": [ErrorDetail(message, "invalid")]})
    return header
