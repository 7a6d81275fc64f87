"""The change feed: ``/api/v1/changes/``."""

import time
from dataclasses import dataclass
from functools import partial

from django import forms
from django.db import DatabaseError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.filtersets.base import AnyOfField, overfull
from partnerships.models import Change
from partnerships.querysets.feed import KINDS, RESOURCES, cursor_of, tell_each
from partnerships.services.feed import BadCursor, changes_after, position_at, standing, tell, waiting
from partnerships.services.feed.telling import SMALL_BATCH

from .base import RegistryHeaders
from .costs import pages
from .errors import faults_of_form, too_many_values, unknown_parameters
from .fields import one_of
from .prepared import at_host

MOST, USUAL, LONGEST = 500, 100, 30


class Question(forms.Form):
    """What may be asked."""

    after = forms.CharField(max_length=100, required=False)
    limit = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    resource = AnyOfField(choices=[(name, name) for name in RESOURCES], required=False)
    wait = forms.IntegerField(min_value=0, max_value=LONGEST, required=False)
    include = AnyOfField(choices=[("record", "record")], required=False)


class BeforeAfterSerializer(serializers.Serializer):
    """A key of the record; of documents and relations, the ids alone."""

    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ChangeSerializer(serializers.Serializer):
    """One thing that became of a record, as you may see it now."""

    cursor = serializers.CharField(help_text="Read on behind this entry with `after`.")
    at = serializers.DateTimeField(help_text="When it was told, right after it was committed.")
    resource = one_of(RESOURCES)
    id = serializers.CharField()
    kind = one_of(KINDS, help_text="`created`: it came in your sight; `withdrawn`: it went out of it.")
    into = serializers.CharField(allow_null=True, help_text="Id of the record that it was merged into.")
    changed = serializers.DictField(
        child=BeforeAfterSerializer(),
        help_text="What differs, where `kind` is `updated` and the record is still in your sight.",
    )
    record = serializers.DictField(
        required=False,
        allow_null=True,
        help_text="With `include=record`: the record as it was told last; null where it is out of sight.",
    )


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    next = serializers.CharField(help_text="What to give as `after` the next time.")


@dataclass(frozen=True)
class Stretch:
    """Entries that a reader may see, and how far the feed was read for them."""

    entries: list[Change]
    position: int
    next: str


class ChangesView(RegistryHeaders, APIView):
    """Every change of what you may see, in the order in which it was committed, without gaps."""

    follows_clock = False

    def cost(self, request) -> int:
        """Units: as for a list of as many records."""
        return pages(request.query_params.get("limit", str(USUAL)), MOST)

    @extend_schema(
        operation_id="changes",
        summary="Follow what changes",
        parameters=[
            OpenApiParameter("after", str, description="`next` of the last answer; nothing: from the start."),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                description="At most so many entries.",
            ),
            OpenApiParameter("resource", str, many=True, enum=list(RESOURCES), description="Only of these."),
            OpenApiParameter(
                "wait",
                {"type": "integer", "minimum": 0, "maximum": LONGEST, "default": 0},
                description="Where there is no entry yet, wait for one so many seconds. With too many "
                "waiting, the answer comes at once and `Retry-After` says when to ask again.",
            ),
            OpenApiParameter(
                "include", str, enum=["record"], description="`record`: with the record as it was told last."
            ),
        ],
        responses=ChangesSerializer,
    )
    def get(self, request) -> Response:
        asked = self._question(request)
        position = self._position(asked["after"])
        tell_a_little()
        stretch = self._read(position, asked)
        headers = {}
        if not stretch.entries and asked["wait"]:
            stretch, waited = self._wait(stretch, asked)
            headers = {} if waited else {"Retry-After": "2"}
        told = tell_each(
            stretch.entries,
            request.user,
            with_records=bool(asked["include"]),
            shown=partial(at_host, origin=f"{request.scheme}://{request.get_host()}"),
        )
        return Response({"results": told, "next": stretch.next}, headers=headers)

    def _question(self, request) -> dict:
        form = Question(request.query_params)
        unknown = set(request.query_params) - {*form.fields, "format"}
        faults = faults_of_form(form) | too_many_values(overfull(request.query_params, form.fields))
        if faults := faults | unknown_parameters(unknown):
            raise ValidationError(faults)
        return form.cleaned_data

    def _position(self, cursor: str) -> int:
        try:
            return position_at(cursor)
        except BadCursor as error:
            raise ValidationError({"after": [ErrorDetail(str(error), "bad_cursor")]}) from error

    def _read(self, position: int, asked: dict) -> Stretch:
        last, cursor = standing()
        rows = changes_after(position, self.request.user).filter(position__lte=last)
        if asked["resource"]:
            rows = rows.filter(resource__in=asked["resource"])
        limit = asked["limit"] or USUAL
        entries = list(rows[:limit])
        return Stretch(entries, last, cursor_of(entries[-1]) if len(entries) == limit else cursor)

    def _wait(self, stretch: Stretch, asked: dict) -> tuple[Stretch, bool]:
        """Wait for entries; also say whether there was a place to wait."""
        until = time.monotonic() + asked["wait"]
        with waiting.a_place(waiting.PLACES) as place:
            while place and not stretch.entries and waiting.wait_for_news(stretch.position, until):
                # A token that was revoked meanwhile is told nothing any more.
                self.request._authenticate()
                stretch = self._read(stretch.position, asked)
        return stretch, place


def tell_a_little() -> None:
    """Have what was just committed told, where the worker has not come to it; reading goes on without."""
    try:
        tell(SMALL_BATCH)
    except DatabaseError:
        waiting.logger.exception("A reader could not tell what waits; the worker will.")
