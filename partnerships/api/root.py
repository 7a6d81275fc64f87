"""Where the API begins, and where it is described."""

from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from .base import RegistryHeaders


class RootView(RegistryHeaders, APIView):
    """The resources and their addresses."""

    #: Names of the resources by the last part of their address.
    resources: dict[str, str] = {}

    @extend_schema(
        operation_id="root",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
    )
    def get(self, request) -> Response:
        found = {
            prefix: reverse(f"api:{name}-list", request=request) for prefix, name in self.resources.items()
        }
        found["schema"] = reverse("api:schema", request=request)
        found["docs"] = reverse("api-docs", request=request)
        return Response(found)


class SchemaView(SpectacularAPIView):
    """This API as OpenAPI 3.1: JSON, or YAML with ``?format=yaml``."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer2]


class DocsView(SpectacularSwaggerSplitView):
    """The description as a page. Its script has an address of its own, as the content policy wants it."""

    url_name = "api:schema"
