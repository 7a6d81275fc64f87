"""What a token says about itself, for whoever builds with it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from people.models import Scope
from people.principals import TokenPrincipal
from people.services.limits import WINDOW, Taken

from .base import RegistryHeaders


class LimitSerializer(serializers.Serializer):
    """The rate limit, and what this very request left of it."""

    policy = serializers.CharField(help_text="Its name in the headers `RateLimit` and `RateLimit-Policy`.")
    units = serializers.IntegerField(help_text="In a window.")
    window = serializers.IntegerField(help_text="Seconds.")
    remaining = serializers.IntegerField()
    whole_in = serializers.IntegerField(help_text="Seconds until all units are there again.")


class TokenSerializer(serializers.Serializer):
    """The token with which the request was made."""

    name = serializers.CharField(help_text="The system that it was made for.")
    prefix = serializers.CharField(help_text="How its present secret begins.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    office = serializers.CharField(
        allow_null=True, help_text="On whose behalf it acts; null: of all offices."
    )
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: never.")
    networks = serializers.ListField(
        child=serializers.CharField(), help_text="From where it may be used; empty: from everywhere."
    )
    this_secret_works_until = serializers.DateTimeField(
        allow_null=True, help_text="Where the token was rotated and the old secret was sent."
    )
    limit = LimitSerializer(allow_null=True, help_text="Null: nothing limits it.")


class TokenView(RegistryHeaders, APIView):
    """The token that is sent, as the registry knows it: scopes, office, expiry, limits left."""

    follows_clock = False

    #: In the description of the API: nobody reads this without a token.
    needs_token = True

    @extend_schema(
        operation_id="token", summary="Read about the token that is sent", responses=TokenSerializer
    )
    def get(self, request) -> Response:
        user = request.user
        if not isinstance(user, TokenPrincipal):
            raise NotAuthenticated("Send a token: “Authorization: Bearer ent_…”.")
        token = user.token
        known = {
            "name": token.name,
            "prefix": token.prefix,
            "scopes": token.scopes,
            "office": token.office.name if token.office else None,
            "expires_at": token.expires_at,
            "networks": token.networks,
            "this_secret_works_until": token.old_works_until if token.by_old_secret else None,
            "limit": _limit(getattr(request._request, "taken", None)),
        }
        return Response(TokenSerializer(known).data)


def _limit(taken: Taken | None) -> dict | None:
    if taken is None:
        return None
    client = taken.client
    return {
        "policy": client.policy,
        "units": client.units,
        "window": WINDOW,
        "remaining": taken.remaining,
        "whole_in": taken.whole_in,
    }
