"""Webhooks of a token: ``/api/v1/webhooks/``. Those that staff made stand in the administration."""

from datetime import timedelta

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partnerships.choices import DeliveryState
from partnerships.models import WebhookDelivery, WebhookSubscription
from partnerships.services import webhooks
from partnerships.services.feed import BadCursor, position_at
from people.models import Scope
from people.principals import TokenPrincipal

from .base import RegistryHeaders
from .errors import unknown_parameters
from .serializers import webhooks as forms

_PAGING = {"page", "page_size", "cursor", "count"}
_CREATED, _NONE = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT


class WebhookViewSet(RegistryHeaders, GenericViewSet):
    """Wishes to be told of changes at an address of yours."""

    follows_clock = False

    serializer_class = forms.WebhookSerializer
    filterset_class = None
    filter_backends = []
    #: Nothing of it is for everybody.
    needs_token = True
    lookup_field = "uid"
    lookup_value_regex = "[^/]+"
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]

    @property
    def default_response_headers(self) -> dict:
        # Some answers show a secret, once.
        return super().default_response_headers | {"Cache-Control": "private, no-store"}

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("Webhooks need a token with the scope “webhooks”.")
        if not isinstance(request.user, TokenPrincipal):
            raise exceptions.PermissionDenied(
                "These are the webhooks of a token; staff make theirs in the administration."
            )
        if Scope.WEBHOOKS not in request.user.token.scopes:
            raise exceptions.PermissionDenied("This token lacks the scope “webhooks”.")
        takes = {"list": _PAGING, "deliveries": _PAGING | {"state"}}.get(self.action, set())
        if unknown := set(request.query_params) - takes:
            raise exceptions.ValidationError(unknown_parameters(unknown))

    def get_queryset(self):
        return WebhookSubscription.objects.of_token(self.request.user.token).with_counts().order_by("pk")

    def get_object(self) -> WebhookSubscription:
        return _one(self.get_queryset(), uid=self.kwargs["uid"])

    @extend_schema(operation_id="webhooks_list")
    def list(self, request):
        """Those of your token."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="webhooks_retrieve")
    def retrieve(self, request, uid=None):
        """Also how it goes: what waits, what failed, why it was paused."""
        return self._answer(self.get_object())

    @extend_schema(operation_id="webhooks_create", responses={201: forms.NewWebhookSerializer})
    def create(self, request):
        """Be told of changes from now on, or from behind a cursor on. The answer shows the secret, once."""
        given = self._body(forms.WebhookInput)
        row, secret = webhooks.subscribe(
            by=request.user,
            name=given["name"],
            address=given["address"],
            resources=given["resources"],
            question=given.get("filter", ""),
            after=_position(given.get("after")),
        )
        fresh = self.get_queryset().get(pk=row.pk)
        fresh.secret = secret
        answer = forms.NewWebhookSerializer(fresh, context=self.get_serializer_context()).data
        return Response(answer, _CREATED, headers={"Location": answer["url"]})

    @extend_schema(operation_id="webhooks_partial_update")
    def partial_update(self, request, uid=None):
        """Rename it, lead it elsewhere, pause it or let it go on with all that changed meanwhile."""
        row = self.get_object()
        given = self._body(forms.WebhookChangeInput)
        webhooks.revise_subscription(subscription=row, by=request.user, **given)
        return self._answer(self.get_object())

    @extend_schema(operation_id="webhooks_destroy", request=None, responses={204: None})
    def destroy(self, request, uid=None):
        """Be told no more; what waits is dropped."""
        webhooks.end_subscription(subscription=self.get_object(), by=request.user)
        return Response(status=_NONE)

    @extend_schema(operation_id="webhooks_test", responses=forms.TestOutcomeSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request, uid=None):
        """Post a delivery of the type `webhook.test` at once, and see what came of it."""
        row = self.get_object()
        self._body(forms.NothingInput)
        outcome = webhooks.send_test(subscription=row, by=request.user)
        return Response(forms.TestOutcomeSerializer(outcome).data)

    @extend_schema(operation_id="webhooks_rotate", responses=forms.RotatedSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request, uid=None):
        """Take another secret; for a while deliveries are signed with both."""
        row = self.get_object()
        hours = self._body(forms.RotateInput)["overlap_hours"]
        secret = webhooks.rotate_secret(subscription=row, by=request.user, overlap=timedelta(hours=hours))
        row.refresh_from_db()
        row.secret = secret
        return Response(forms.RotatedSerializer(row).data)

    @extend_schema(
        operation_id="webhooks_deliveries",
        responses=forms.DeliverySerializer(many=True),
        parameters=[OpenApiParameter("state", str, enum=DeliveryState.values, description="Only these.")],
    )
    @action(detail=True)
    def deliveries(self, request, uid=None):
        """What was delivered in the last 30 days, waits or was given up; the newest first."""
        rows = self._deliveries().order_by("-pk")
        if state := request.query_params.get("state", ""):
            if state not in DeliveryState.values:
                words = ", ".join(DeliveryState.values)
                raise exceptions.ValidationError({"state": [f"One of: {words}."]})
            rows = rows.filter(state=state)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(forms.DeliverySerializer(page, many=True).data)

    @extend_schema(operation_id="webhooks_replay", responses=forms.DeliverySerializer)
    @action(detail=True, methods=["post"], url_path=r"deliveries/(?P<message>[^/]+)/replay")
    def replay(self, request, uid=None, message=None):
        """Have a delivery, dead or done, sent once more under the same id."""
        delivery = _one(self._deliveries(), message_id=message)
        self._body(forms.NothingInput)
        webhooks.replay_delivery(delivery=delivery, by=request.user)
        return Response(forms.DeliverySerializer(self._deliveries().get(pk=delivery.pk)).data)

    def described_body(self):
        """What the action takes, for the description of the API."""
        kinds = {
            "create": forms.WebhookInput,
            "partial_update": forms.WebhookChangeInput,
            "rotate": forms.RotateInput,
            "test": forms.NothingInput,
            "replay": forms.NothingInput,
        }
        kind = kinds.get(self.action)
        return kind(partial=self.action == "partial_update") if kind else None

    def _deliveries(self):
        rows = WebhookDelivery.objects.filter(subscription=self.get_object())
        return rows.select_related("change", "subscription").prefetch_related("log")

    def _answer(self, row: WebhookSubscription) -> Response:
        return Response(self.get_serializer(row).data)

    def _body(self, kind) -> dict:
        data = self.request.data
        if not isinstance(data, dict):
            raise exceptions.ValidationError("The body must be a JSON object.")
        body = kind(data=data)
        body.is_valid(raise_exception=True)
        return body.validated_data


def _one(rows, **key):
    if any("\x00" in value for value in key.values()) or (row := rows.filter(**key).first()) is None:
        raise Http404
    return row


def _position(cursor: str | None) -> int | None:
    """The position behind which a subscription begins; None is now."""
    if cursor is None:
        return None
    try:
        return position_at(cursor)
    except BadCursor as error:
        raise exceptions.ValidationError({"after": [str(error)]}) from error
