"""Which institution a name means: one name, or a list."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from partnerships.services.candidates import Candidate
from partnerships.services.matching import match_institution

from .errors import Refused, unknown_parameters
from .fields import RorField, page_url
from .writing.fields import CountryReference, StrictSerializer, references

MOST_NAMES = 1_000
_LONGEST = 500
_MOST = 20


class NameInput(StrictSerializer):
    """What is known of an institution; a `name`, a `ror_id` or an `id`."""

    name = serializers.CharField(required=False, max_length=_LONGEST, allow_blank=True, default="")
    country = CountryReference(required=False, allow_null=True, default=None)
    ror_id = serializers.CharField(
        required=False, max_length=100, allow_blank=True, allow_null=True, default=""
    )
    id = serializers.CharField(required=False, max_length=100, allow_blank=True, allow_null=True, default="")
    website = serializers.CharField(
        required=False, max_length=_LONGEST, allow_blank=True, allow_null=True, default=""
    )

    def validate(self, found: dict) -> dict:
        if not any(found[name] for name in ("name", "ror_id", "id")):
            raise serializers.ValidationError({"name": ["Give a name, a ror_id or an id."]}, "unnamed")
        return found


class NamesInput(serializers.Serializer):
    """Up to 1,000 institutions that are looked for."""

    refuses_unknown_keys = True
    most_items = MOST_NAMES

    items = NameInput(many=True)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=_MOST)


class CandidateSerializer(serializers.Serializer):
    """An institution that may be meant."""

    id = serializers.CharField(source="institution.uid")
    name = serializers.CharField(source="institution.name")
    ror_id = RorField(source="institution.ror_id", allow_null=True)
    country = serializers.CharField(source="institution.country_id", allow_null=True)
    url = serializers.SerializerMethodField()
    score = serializers.IntegerField(help_text="From 0 to 100.")
    reason = serializers.CharField(help_text="Why, in words.")

    def get_url(self, found: Candidate) -> str:
        return page_url("api:institution-detail", found.institution.uid, self.context["request"])


class MatchSerializer(serializers.Serializer):
    """What a name may mean."""

    chosen = serializers.CharField(
        source="chosen.institution.uid", allow_null=True, default=None,
        help_text="The id of the one that is meant without doubt; null where a person has to decide.",
    )  # fmt: skip
    candidates = CandidateSerializer(many=True)


class MatchesSerializer(serializers.Serializer):
    """An answer to each item, in order."""

    results = MatchSerializer(many=True)


_ASKED = [
    OpenApiParameter("name", str, description="As written, in any script."),
    OpenApiParameter("country", str, description="ISO 3166-1 alpha-2 code, where it is known."),
    OpenApiParameter("ror_id", str, description="A ROR id in any written form."),
    OpenApiParameter("id", str, description="An id of this registry, also of a merged institution."),
    OpenApiParameter("website", str, description="Its host is compared."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": _MOST}, description="Candidates."),
]


class MatchesInstitutions:
    """Mixin of the viewset of institutions: ``match/``."""

    only_read = ("match_many",)

    @extend_schema(parameters=_ASKED, responses={200: MatchSerializer}, filters=False)
    @action(detail=False, url_path="match", url_name="match", pagination_class=None)
    def match(self, request):
        """Find the institution that a name means."""
        given = request.query_params
        fields = {"limit", *NameInput().fields}
        if unknown := set(given) - fields - {"format"}:
            raise exceptions.ValidationError(unknown_parameters(unknown))
        asked = {name: given[name] for name in fields & set(given)}
        limit = _limit(asked.pop("limit", None))
        body = NameInput(data=asked, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return Response(MatchSerializer(self._match(body.validated_data, limit), context=self._shown()).data)

    @extend_schema(responses={200: MatchesSerializer})
    @match.mapping.post
    def match_many(self, request):
        """Find the institutions that up to 1,000 names mean; needs a token, or a sign-in."""
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("A list needs a token; single names may be asked by anybody.")
        self.reads_body = True
        items, limit = self._names(request.data)
        results = [self._match(item, limit) for item in items]
        return Response(MatchesSerializer({"results": results}, context=self._shown()).data)

    def described_body(self):
        return NamesInput() if self.action == "match_many" else super().described_body()

    def _names(self, data) -> tuple[list[dict], int]:
        if not isinstance(data, dict):
            raise exceptions.ValidationError("The body must be a JSON object.")
        if unknown := data.keys() - {"items", "limit"}:
            message = exceptions.ErrorDetail("There is no such key here.", "unknown_key")
            raise exceptions.ValidationError({key: [message] for key in unknown})
        items = data.get("items")
        if not isinstance(items, list) or not 0 < len(items) <= MOST_NAMES:
            message = exceptions.ErrorDetail(f"Give a list of 1 to {MOST_NAMES:,} names.", "invalid")
            raise exceptions.ValidationError({"items": [message]})
        context = self.get_serializer_context()
        body = NameInput(context=context)
        context["known"] = references(body, items, self.request.user)
        errors, checked = {}, []
        for index, item in enumerate(items):
            try:
                checked.append(body.run_validation(item))
            except exceptions.ValidationError as error:
                errors[index] = error
        if errors:
            raise Refused(errors, total=len(items))
        return checked, _limit(data.get("limit"))

    def _match(self, asked: dict, limit: int):
        return match_institution(
            name=asked["name"],
            user=self.request.user,
            country=asked["country"] and asked["country"].pk,
            identifier=asked["ror_id"] or asked["id"] or None,
            website=asked["website"] or "",
            limit=limit,
        )

    def _shown(self) -> dict:
        return {"request": self.request}


def _limit(given) -> int:
    if given is None:
        return 5
    field = serializers.IntegerField(min_value=1, max_value=_MOST)
    try:
        return field.run_validation(given)
    except exceptions.ValidationError as error:
        raise exceptions.ValidationError({"limit": error.detail}) from error
