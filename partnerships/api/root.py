"""Where the API begins, and where it is described."""

from django.urls import reverse
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.views import APIView

from .base import RegistryHeaders
from .costs import DESCRIPTION


class RootView(RegistryHeaders, APIView):
    """The resources and their addresses."""

    #: Names of the resources by the last part of their address.
    resources: dict[str, str] = {}

    @extend_schema(
        operation_id="root",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
    )
    def get(self, request) -> Response:
        known = {prefix: f"api:{name}-list" for prefix, name in self.resources.items()}
        known |= {
            "suggest": "api:suggest",
            "token": "api:token",
            "changes": "api:changes",
            "snapshots": "api:snapshots",
            "schema": "api:schema",
            "docs": "api-docs",
        }
        return Response({word: request.build_absolute_uri(reverse(name)) for word, name in known.items()})


class SchemaView(SpectacularAPIView):
    """This API as OpenAPI 3.1: JSON, or YAML with ``?format=yaml``."""

    cost = DESCRIPTION
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer2]


class DocsView(SpectacularSwaggerSplitView):
    """The description as a page. Its script has an address of its own, as the content policy wants it."""

    url_name = "api:schema"
    # A page for people.
    throttle_classes = []
