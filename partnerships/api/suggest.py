"""Suggestions while somebody types."""

from django import forms
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.filtersets.base import AnyOfField, overfull
from partnerships.search.suggestions import MAX_LENGTH, RESOURCES, Suggestion, suggest

from .base import RegistryHeaders
from .errors import faults_of_form, too_many_values, unknown_parameters
from .fields import page_url

MOST = 20
_LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST}
_TEXT = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}
_KINDS = (
    "`name` for the name that is shown; else `label`, `acronym`, `alias`, `former`, `native`, `romanised`, "
    "`official` or `code`."
)


class Question(forms.Form):
    """What may be asked."""

    q = forms.CharField(max_length=MAX_LENGTH)
    resource = AnyOfField(choices=[(name, name) for name in RESOURCES], required=False)
    limit = forms.IntegerField(min_value=1, max_value=MOST, required=False)


class MatchedSerializer(serializers.Serializer):
    """The name by which a record was found."""

    name = serializers.CharField()
    kind = serializers.CharField(source="name_kind", help_text=_KINDS)
    language = serializers.SerializerMethodField(help_text="Of a name in one language.")
    similar = serializers.BooleanField(help_text="It does not hold what was typed, but something near it.")

    def get_language(self, found: Suggestion) -> str | None:
        return found.language or None


class SuggestionSerializer(serializers.Serializer):
    """A record that may be meant."""

    resource = serializers.CharField(help_text="The resource that the record belongs to.")
    id = serializers.CharField(
        source="record.uid", help_text="What filters take; of a country its code of ISO 3166-1."
    )
    name = serializers.CharField(source="record.name")
    country = serializers.CharField(
        allow_null=True, help_text="Code of ISO 3166-1; of an institution, an event or a country."
    )
    url = serializers.SerializerMethodField()
    html_url = serializers.SerializerMethodField()
    matched = MatchedSerializer(source="*")

    def get_url(self, found: Suggestion) -> str:
        return self._address("api", found)

    def get_html_url(self, found: Suggestion) -> str:
        return self._address("partnerships", found)

    def _address(self, namespace: str, found: Suggestion) -> str:
        view = f"{namespace}:{found.basename}-detail"
        return page_url(view, found.record.uid, self.context["request"])


class SuggestionsSerializer(serializers.Serializer):
    results = SuggestionSerializer(many=True)


class SuggestView(RegistryHeaders, APIView):
    """Records that somebody may mean who is still typing, the likeliest first."""

    @extend_schema(
        operation_id="suggest",
        summary="Complete a name",
        parameters=[
            OpenApiParameter("q", _TEXT, required=True, description="What was typed, in any script."),
            OpenApiParameter("resource", str, many=True, enum=list(RESOURCES), description="Only of these."),
            OpenApiParameter("limit", _LIMIT, description="At most so many; 10 unless told."),
        ],
        responses=SuggestionsSerializer,
    )
    def get(self, request) -> Response:
        asked = self._question(request)
        found = suggest(
            asked["q"],
            user=request.user,
            resources=asked["resource"] or RESOURCES,
            limit=asked["limit"] or 10,
        )
        return Response(SuggestionsSerializer({"results": found}, context={"request": request}).data)

    def _question(self, request) -> dict:
        form = Question(request.query_params)
        unknown = set(request.query_params) - {*form.fields, "format"}
        faults = faults_of_form(form) | too_many_values(overfull(request.query_params, form.fields))
        faults |= unknown_parameters(unknown)
        if faults:
            raise ValidationError(faults)
        return form.cleaned_data
