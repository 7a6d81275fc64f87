"""How the API describes itself (OpenAPI 3.1): what drf-spectacular cannot read off the views."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from rest_framework import serializers

from partnerships.filtersets.base import MOST_VALUES

from .contract import problems
from .deprecation import Deprecated
from .errors import PROBLEM_JSON
from .renderers import ExportRenderer
from .selection import SelectableSerializer

#: What may go wrong, by kind of operation; where words are missing, ``contract.problems`` has them.
_LIST = {404: problems.NO_SUCH_PAGE}
_TOKEN = {403: "This needs a token, and a scope that yours lacks."}
#: The actions that a router knows; every other has a word of its own.
_USUAL = {None, "list", "retrieve", "create", "update", "partial_update", "destroy"}


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "partnerships.api.authentication.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of this registry, made with `manage.py issue_token`.",
        }


class TextExtension(OpenApiSerializerFieldExtension):
    """Text as long as its column; null where it may be unknown is said by the field itself."""

    # By name: this module is read before the fields are.
    target_class = "partnerships.api.writing.fields.Text"

    def map_serializer_field(self, auto_schema, direction) -> dict:
        found = {"type": "string", "maxLength": self.target.max_length}
        return found | ({"format": "uri"} if getattr(self.target, "is_address", False) else {})


class RequiredTextExtension(TextExtension):
    target_class = "partnerships.api.writing.fields.RequiredText"

    def map_serializer_field(self, auto_schema, direction) -> dict:
        # Blanks alone say nothing.
        return super().map_serializer_field(auto_schema, direction) | {"minLength": 1, "pattern": r"\S"}


class FieldErrorSerializer(serializers.Serializer):
    """One thing that is wrong."""

    field = serializers.CharField(allow_null=True, help_text="With dots for what is nested.")
    pointer = serializers.CharField(
        required=False, help_text="The place in the body that was sent, as a JSON Pointer (RFC 6901)."
    )
    message = serializers.CharField()
    code = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """An error, as RFC 9457 has it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldErrorSerializer(many=True)


class RegistrySchema(AutoSchema):
    """Adds problems, formats and the choice of fields to every operation of a registry resource."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "root"]

    def get_summary(self) -> str | None:
        noun = self.get_tags()[0].replace("-", " ")
        given = {
            "list": f"Find {noun}",
            "retrieve": f"Read one of the {noun}",
            "create": f"Record one of the {noun}",
            "partial_update": f"Change one of the {noun}",
            "destroy": f"Remove one of the {noun}",
            "bulk": f"Record many {noun}",
            "change_many": f"Change many {noun}",
            "remove_many": f"Remove many {noun}",
            "by": f"Read one of the {noun} by a name of another system",
            "put_by": f"Record or change one of the {noun} by a name of another system",
            "patch_by": f"Change one of the {noun} by a name of another system",
            "delete_by": f"Remove one of the {noun} by a name of another system",
            "match": f"Find which of the {noun} a name means",
            "match_many": f"Find which of the {noun} many names mean",
        }
        return given.get(getattr(self.view, "action", ""), super().get_summary())

    def get_operation_id(self) -> str:
        # An act is named by its own word: agreements_publish, not agreements_publish_create.
        action = getattr(self.view, "action", None)
        if action not in _USUAL:
            return f"{self.get_tags()[0]}_{action}".replace("-", "_")
        return super().get_operation_id()

    def get_operation(self, *args, **kwargs) -> dict | None:
        operation = super().get_operation(*args, **kwargs)
        for part, deprecated in getattr(self.view, "deprecated", {}).items():
            self._mark(operation, part, deprecated)
        return operation

    def _mark(self, operation: dict, part: str, deprecated: Deprecated) -> None:
        if part.startswith("?"):
            found = [one for one in operation.get("parameters", []) if one["name"] == part[1:]]
        elif part.startswith("."):
            answered = self.get_response_serializers()
            schemas = list(answered.values()) if isinstance(answered, dict) else [answered]
            if self.method != "GET":
                schemas.append(self.get_request_serializer())
            components = [self.resolve_serializer(force_instance(one), "response") for one in schemas if one]
            found = [one.schema["properties"].get(part[1:], {}) for one in components]
        else:
            named = {getattr(self.view, "action", None), self.method.lower()}
            found = [operation] if part in named else []
        for one in found:
            if one and not one.get("deprecated"):
                deprecated.mark(one)
        operation.setdefault("x-deprecated-parts", []).append(part)

    def get_auth(self) -> list[dict]:
        # Reading needs no credentials; writing does, and what belongs to a token.
        free = self.method == "GET" and not getattr(self.view, "needs_token", False)
        return [one for one in super().get_auth() if one or free]

    def get_request_serializer(self):
        return self.view.described_body()

    def _get_request_body(self, direction="request") -> dict | None:
        if self.method != "DELETE" or self.get_request_serializer() is None:
            return super()._get_request_body(direction)
        # Why a record is removed may stand in a body; spectacular gives one to the other methods alone.
        self.method = "POST"
        try:
            body = super()._get_request_body(direction)
        finally:
            self.method = "DELETE"
        return body

    def _get_response_bodies(self, direction="response") -> dict:
        bodies = super()._get_response_bodies(direction)
        if self.method == "POST" and "201" in bodies and hasattr(self.view, "also_takes"):
            bodies["200"] = bodies["201"] | {"description": "What would be, with `dry_run`."}
        if getattr(self.view, "action", "") == "put_by":
            bodies["201"] = bodies["200"] | {"description": "There was none; it was recorded."}
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for code, description in self._problems().items():
            known = bodies.setdefault(str(code), {"description": description})
            known["content"] = {PROBLEM_JSON: {"schema": problem}}
        return dict(sorted(bodies.items()))

    def _problems(self) -> dict[int, str]:
        found = dict.fromkeys(problems.ALWAYS)
        of_record = "{uid}" in self.path or "{value}" in self.path
        if of_record:
            found |= dict.fromkeys([404] + [410] * getattr(self.view, "may_be_withdrawn", False))
        elif "{" in self.path:
            found |= {404: "There is no such address."}
        elif self._is_list_view():
            found |= _LIST
        if self.method in {"GET", "HEAD", "OPTIONS"}:
            found |= dict.fromkeys((503,))
        else:
            found |= dict.fromkeys((403, 413, 415))
            if self._writes():
                found |= dict.fromkeys((409, 422))
            if of_record:
                found |= dict.fromkeys((409,))
        if getattr(self.view, "needs_token", False):
            found |= _TOKEN
        return {status: words or problems.MEANING[status] for status, words in found.items()}

    def _writes(self) -> bool:
        """Whether the operation writes as all that change records do: once, and on demand as a rehearsal."""
        return (
            self.method != "GET"
            and hasattr(self.view, "also_takes")
            and self.view.action not in self.view.only_read
        )

    def _get_response_for_code(self, serializer, status_code, media_types=None, direction="response") -> dict:
        body = super()._get_response_for_code(
            serializer, status_code, media_types or ["application/json"], direction
        )
        if self._is_read() and str(status_code) == "200":
            for kind in self.view.get_renderers():
                if isinstance(kind, ExportRenderer):
                    body["content"][kind.media_type] = {"schema": kind.schema}
        return body

    def _get_format_parameters(self) -> list[dict]:
        if self.method != "GET" and hasattr(self.view, "also_takes"):
            return self._writing_parameters()
        if self.method != "GET" or not hasattr(self.view, "selection") or self.view.action == "match":
            return []
        keys = sorted(self.view.get_serializer_class()._declared_fields)
        chosen = {"type": "array", "items": {"type": "string", "enum": keys}, "maxItems": MOST_VALUES}
        parameters = [
            _parameter("fields", "Only these keys of the record, separated by commas.", chosen),
            _parameter("omit", "Not these keys of the record, separated by commas.", chosen),
        ]
        if offered := list(getattr(self.view, "inclusions", ())):
            kinds = {"type": "array", "items": {"type": "string", "enum": offered}}
            parameters.append(_parameter("include", _INCLUDE, kinds))
        formats = [renderer.format for renderer in self.view.get_renderers()]
        return [*parameters, _parameter("format", _FORMATS, {"type": "string", "enum": formats})]

    def _is_read(self) -> bool:
        return self.method == "GET" and getattr(self.view, "action", "") in {"list", "retrieve"}

    def _writing_parameters(self) -> list[dict]:
        if not self._writes():
            return []
        key = {"type": "string", "minLength": 1, "maxLength": 257}
        taken = sorted(self.view.also_takes.get(self.view.action, ()))
        return [
            _parameter("dry_run", "Do it, check everything, take it back; answers 200.", {"type": "boolean"}),
            *(_parameter(name, *_TAKEN[name]) for name in taken),
            _parameter("Idempotency-Key", _KEY, key) | {"in": "header"},
        ]

    def _map_basic_serializer(self, serializer, direction) -> dict:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, SelectableSerializer):
            # Every key may be left out by `fields` and `omit`.
            schema.pop("required", None)
        if needed := getattr(serializer, "needed", ()):
            # Also with PATCH, where spectacular takes everything for optional.
            schema["required"] = list(needed)
        if most := getattr(serializer, "most_items", 0):
            schema["properties"]["items"] |= {"minItems": 1, "maxItems": most}
        if getattr(serializer, "refuses_unknown_keys", False):
            schema["additionalProperties"] = False
        return schema


_INCLUDE = "Full records of what is named, beside the answer under `included`; separated by commas."
_KEY = (
    "A word of your own for this request, such as a UUID: sent again with it, the same request is not "
    "applied again but answered as before, with `Idempotent-Replayed: true`."
)
_TAKEN = {
    "reason": ("Why, where no body says it.", {"type": "string", "maxLength": 500}),
    "accept_similar": ("Record it although one stands that it may be.", {"type": "boolean"}),
}
_FORMATS = "Goes before `Accept`. Formats other than JSON give all rows; paging does not apply to them."


def _parameter(name: str, description: str, schema: dict) -> dict:
    parameter = {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }
    return parameter | ({"style": "form", "explode": False} if schema["type"] == "array" else {})
