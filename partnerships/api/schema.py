"""How the API describes itself (OpenAPI 3.1): what drf-spectacular cannot read off the views."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import force_instance
from rest_framework import serializers

from partnerships.filtersets.base import MOST_VALUES

from .deprecation import Deprecated
from .errors import PROBLEM_JSON
from .renderers import LIST_RENDERERS, ExportRenderer
from .selection import SelectableSerializer

#: What may go wrong, by kind of operation, in words for the reader.
_ALWAYS = {
    400: "The request is wrong; `errors` names each bad field or parameter.",
    401: "The token is unknown, has expired or was revoked.",
    406: "None of the formats in `Accept` is offered here.",
}
_DETAIL = {404: "There is no such record, or you may not see it."}
_LIST = {404: "There is no such page."}
_WITHDRAWN = {410: "The record was public once and was withdrawn; `detail` says why."}
_READING = {
    503: "The question takes too long; `detail` says how to narrow it, `Retry-After` when to ask again."
}
_WRITING = {
    403: "You may not do this.",
    413: "The body is too large.",
    415: "The body is not JSON.",
}
_CHANGING = {409: "The record is not as you believe: it was changed, or the act is not open to it."}


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
        }
        return given.get(getattr(self.view, "action", ""), super().get_summary())

    def get_operation_id(self) -> str:
        # An act is named by its own word: agreements_publish, not agreements_publish_create.
        action = getattr(self.view, "action", "")
        if getattr(getattr(self.view, action, None), "mapping", None):
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
            schemas = [self.get_response_serializers()]
            if self.method != "GET":
                schemas.append(self.get_request_serializer())
            components = [self.resolve_serializer(force_instance(one), "response") for one in schemas]
            found = [one.schema["properties"].get(part[1:], {}) for one in components]
        else:
            named = {getattr(self.view, "action", None), self.method.lower()}
            found = [operation] if part in named else []
        for one in found:
            if one and not one.get("deprecated"):
                deprecated.mark(one)
        operation.setdefault("x-deprecated-parts", []).append(part)

    def get_auth(self) -> list[dict]:
        # Reading needs no credentials; writing does.
        return [one for one in super().get_auth() if one or self.method == "GET"]

    def get_request_serializer(self):
        return self.view.described_body()

    def _get_response_bodies(self, direction="response") -> dict:
        bodies = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for code, description in self._problems().items():
            known = bodies.setdefault(str(code), {"description": description})
            known["content"] = {PROBLEM_JSON: {"schema": problem}}
        return dict(sorted(bodies.items()))

    def _problems(self) -> dict[int, str]:
        found = dict(_ALWAYS)
        if "{uid}" in self.path:
            found |= _DETAIL
            if getattr(self.view, "may_be_withdrawn", False):
                found |= _WITHDRAWN
        elif self._is_list_view():
            found |= _LIST
        if self.method in {"GET", "HEAD", "OPTIONS"}:
            found |= _READING
        else:
            found |= _WRITING | (_CHANGING if "{uid}" in self.path else {})
        return found

    def _get_response_for_code(self, serializer, status_code, media_types=None, direction="response") -> dict:
        body = super()._get_response_for_code(serializer, status_code, ["application/json"], direction)
        if self._is_export() and str(status_code) == "200":
            for kind in LIST_RENDERERS:
                if issubclass(kind, ExportRenderer):
                    body["content"][kind.media_type] = {"schema": kind.schema}
        return body

    def _get_format_parameters(self) -> list[dict]:
        if self.method != "GET" or not hasattr(self.view, "selection"):
            return []
        keys = sorted(self.view.get_serializer_class()._declared_fields)
        chosen = {"type": "array", "items": {"type": "string", "enum": keys}, "maxItems": MOST_VALUES}
        parameters = [
            _parameter("fields", "Only these keys of the record, separated by commas.", chosen),
            _parameter("omit", "Not these keys of the record, separated by commas.", chosen),
        ]
        formats = [renderer.format for renderer in self.view.get_renderers()]
        return [*parameters, _parameter("format", _FORMATS, {"type": "string", "enum": formats})]

    def _is_export(self) -> bool:
        return self.method == "GET" and getattr(self.view, "action", "") == "list"

    def _map_basic_serializer(self, serializer, direction) -> dict:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, SelectableSerializer):
            # Every key may be left out by `fields` and `omit`.
            schema.pop("required", None)
        if getattr(serializer, "refuses_unknown_keys", False):
            schema["additionalProperties"] = False
        return schema


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
