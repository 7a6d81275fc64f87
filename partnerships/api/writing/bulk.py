"""Many records in one request and one transaction: ``…/bulk/``, all of them or none."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from partnerships.api.errors import Refused
from partnerships.api.fields import page_url
from partnerships.api.preconditions import PreconditionRequired
from partnerships.services import recording

from .agreements import Body
from .fields import REFERENCES, is_findable, references, written_id
from .mixins import REMOVALS, RemovalInput, translated

MOST_ITEMS = 1_000
_REASON = "reason"
OUTCOMES = [("created", "Created"), ("changed", "Changed"), ("unchanged", "Unchanged"), *REMOVALS]


class OutcomeSerializer(serializers.Serializer):
    """What became of one record."""

    id = serializers.CharField()
    url = serializers.CharField(required=False, help_text="Missing where the record was deleted.")
    outcome = serializers.ChoiceField(OUTCOMES)


class OutcomesSerializer(serializers.Serializer):
    """What became of each record, in the order in which they were sent."""

    count = serializers.IntegerField()
    items = OutcomeSerializer(many=True)


class RemovedItemInput(serializers.Serializer):
    """A record to be removed, and why."""

    refuses_unknown_keys = True

    id = serializers.CharField()
    reason = serializers.CharField(required=False)


class ManyRemovedInput(serializers.Serializer):
    """Records to be removed. Instead of an object with an `id`, the bare id will do."""

    needed = ("items",)
    refuses_unknown_keys = True
    most_items = MOST_ITEMS
    items = RemovedItemInput(many=True)
    reason = serializers.CharField(required=False, help_text="Why, where an item does not say it.")


@cache
def _described(body: type[Body], *, creating: bool) -> serializers.Serializer:
    """What a request with many of these bodies looks like."""
    name = body.__name__.removesuffix("Input")
    # Why is said once for all.
    said = {"__doc__": body.__doc__, _REASON: None}
    if not creating:
        said["id"] = serializers.CharField(help_text="Of the record to be changed.")
    item = type(f"{'' if creating else 'Changed'}{name}Item", (body,), said)
    fields = {
        "__doc__": "Many at once; `reason` is said once for all.",
        "needed": ["items"],
        "refuses_unknown_keys": True,
        "most_items": MOST_ITEMS,
        "items": item(many=True, creating=creating),
        _REASON: serializers.CharField(required=False, help_text="Why, for the history."),
    }
    return type(f"Many{'' if creating else 'Changed'}{name}Input", (serializers.Serializer,), fields)()


class BulkWrites:
    """Mixin of a viewset: POST, PATCH and DELETE of up to 1,000 records.

    Items do not name each other: what one needs stands before the request.
    """

    @extend_schema(responses={201: OutcomesSerializer})
    @action(detail=False, methods=["post"], url_path="bulk", url_name="bulk")
    def bulk(self, request):
        """Record up to 1,000 records, all or none."""
        items, reason = self._items()
        many = [facts for facts, _ in self._checked(items, creating=True)]
        rows = self._done(lambda: self.record_many(many, reason=reason))
        return Response(self._told([(row, "created") for row in rows]), status.HTTP_201_CREATED)

    @extend_schema(responses={200: OutcomesSerializer})
    @bulk.mapping.patch
    def change_many(self, request):
        """Change up to 1,000 records, all or none. Each item has the `id` and what is to change."""
        items, reason = self._items()
        rows = self._named(items)
        many = list(zip(rows, self._checked(list(map(_without_id, items)), creating=False), strict=True))
        if settings.API_REQUIRE_IF_MATCH and not all("updated_at" in said for _, (_, said) in many):
            raise PreconditionRequired("Give each item the “updated_at” of the record as you read it.")
        before = {row.pk: row.updated_at for row in rows}

        def change(pair):
            row, (facts, said) = pair
            return self.revise(row, facts, reason=reason, read_at=said.get("updated_at"))

        self._done(lambda: recording.each(many, change))
        after = dict(self.model.objects.filter(pk__in=before).values_list("pk", "updated_at"))
        told = [(row, "unchanged" if after[row.pk] == before[row.pk] else "changed") for row in rows]
        return Response(self._told(told))

    @extend_schema(responses={200: OutcomesSerializer})
    @bulk.mapping.delete
    def remove_many(self, request):
        """Withdraw or delete up to 1,000 records, all or none."""
        if settings.API_REQUIRE_IF_MATCH:
            raise PreconditionRequired("Remove the records one by one, each with “If-Match”.")
        items, reason = self._items()
        items = [{"id": item} if isinstance(item, str) else item for item in items]
        rows = self._named(items)
        reasons = self._each(items, lambda item: _reason(_without_id(item)) or reason)

        pairs = list(zip(rows, reasons, strict=True))
        fates = self._done(lambda: self.remove_all(pairs))
        told = [{"id": row.uid, "outcome": fate} for row, fate in zip(rows, fates, strict=True)]
        return Response({"count": len(told), "items": told})

    def described_body(self):
        if self.action in ("bulk", "change_many"):
            return _described(self.input_class, creating=self.action == "bulk")
        return ManyRemovedInput() if self.action == "remove_many" else super().described_body()

    def largest_body(self) -> int:
        if self.action in ("bulk", "change_many", "remove_many"):
            return settings.MAX_BULK_MB * 1024 * 1024
        return super().largest_body()

    # --- reading the body ----------------------------------------------------------------------------

    def _items(self) -> tuple[list, str]:
        data = self.request.data
        if not isinstance(data, dict):
            raise exceptions.ValidationError("The body must be a JSON object.")
        if unknown := data.keys() - {"items", _REASON}:
            raise exceptions.ValidationError(
                {
                    key: [exceptions.ErrorDetail("There is no such key here.", "unknown_key")]
                    for key in unknown
                }
            )
        items = data.get("items")
        if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
            message = exceptions.ErrorDetail(f"Give a list of 1 to {MOST_ITEMS:,} records.", "invalid")
            raise exceptions.ValidationError({"items": [message]})
        return items, _reason({_REASON: data.get(_REASON)})

    def _checked(self, items: list, *, creating: bool) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Facts of each item, and all that it said. Raises Refused with the faults of all."""
        context = self.get_serializer_context()
        body: Body = self.input_class(creating=creating, context=context)
        # Said once for all, beside the items.
        body.fields.pop(_REASON)
        context["known"] = references(body, items, self.request.user)

        def checked(item):
            said = body.run_validation(item)
            return body.facts_of(said), said

        return self._each(items, checked)

    def _named(self, items: list) -> list[models.Model]:
        """The records that the items name, locked, in the order of the items."""
        ids = self._each(items, _id_of)
        field = REFERENCES[self.model]()
        known = field.find_all({uid for uid in ids if is_findable(uid)}, self.request.user)
        locked = self.model.objects.select_for_update(of=("self",)).order_by("pk")
        rows = {row.pk: row for row in locked.filter(pk__in={row.pk for row in known.values()})}
        seen: set[int] = set()

        def found(uid: str):
            row = rows.get(known[uid].pk) if uid in known else None
            if row is None:
                raise _fault(f"“{uid[:200].replace(chr(0), '')}” is no {field.noun} known here.", "unknown")
            if row.pk in seen:
                raise _fault("Another item names the same record.", "repeated")
            seen.add(row.pk)
            return row

        return self._each(ids, found)

    @staticmethod
    def _each(items: list, act: Callable) -> list:
        errors: dict[int, Exception] = {}
        done = []
        for index, item in enumerate(items):
            try:
                done.append(act(item))
            except exceptions.ValidationError as error:
                errors[index] = error
                if len(errors) >= recording.MOST_FAULTS:
                    break
        if errors:
            raise Refused(errors, total=len(items))
        return done

    def _done(self, act: Callable) -> list:
        try:
            return act()
        except recording.Faults as faults:
            errors = {index: translated(error, self.request) for index, error in faults.errors.items()}
            raise Refused(errors, total=len(self.request.data["items"])) from faults

    def _told(self, rows: list[tuple[models.Model, str]]) -> dict:
        view = f"api:{self.basename}-detail"
        items = [
            {"id": row.uid, "url": page_url(view, row.uid, self.request), "outcome": outcome}
            for row, outcome in rows
        ]
        return {"count": len(items), "items": items}


def _id_of(item) -> str:
    if not isinstance(item, Mapping):
        raise exceptions.ValidationError("Give an object with an “id”.", "invalid")
    uid = written_id(item)
    if uid is None:
        raise _fault("Give the id of the record.", "invalid_reference")
    return uid


def _without_id(item: Mapping) -> dict:
    return {key: value for key, value in item.items() if key != "id"}


def _reason(said: Mapping) -> str:
    body = RemovalInput(data=dict(said))
    body.is_valid(raise_exception=True)
    return body.validated_data[_REASON]


def _fault(message: str, code: str) -> exceptions.ValidationError:
    return exceptions.ValidationError({"id": [exceptions.ErrorDetail(message, code)]})
