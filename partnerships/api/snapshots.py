"""Everything public at one moment: ``/api/v1/snapshots/``."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from partnerships.querysets.feed import RESOURCES
from partnerships.services.feed import standing
from partnerships.services.snapshots import FORMATS, SCHEMA_VERSION, SHAPES, ndjson, standing_still
from partnerships.services.snapshots.formats import Digesting
from people.statements import patience

from .base import RegistryHeaders
from .changes import tell_a_little
from .costs import EXPORT
from .errors import TooSlow, unknown_parameters
from .fields import one_of
from .prepared import at_host

ALL = "all"
_MEDIA_TYPES = {name: media_type.partition(";")[0] for name, (_, media_type) in FORMATS.items()}
#: Snapshots that one process makes at the same time.
PLACES = threading.BoundedSemaphore(2)


class TooMany(TooSlow):
    """Others are taking snapshots."""

    default_detail = "Too many snapshots are being made at this moment; try again in half a minute."
    default_code = "too_many_snapshots"


class FileSerializer(serializers.Serializer):
    """One address at which a snapshot is made when it is asked for."""

    resource = one_of([*RESOURCES, ALL])
    format = one_of(FORMATS)
    media_type = serializers.CharField()
    url = serializers.URLField()


class SnapshotsSerializer(serializers.Serializer):
    schema_version = serializers.CharField(help_text="Moves when the keys of records change.")
    cursor = serializers.CharField(help_text="Where the change feed stands.")
    resources = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="The keys of each record."
    )
    files = FileSerializer(many=True)


class SnapshotsView(RegistryHeaders, APIView):
    """What can be taken along, and where the change feed stands."""

    follows_clock = False

    @extend_schema(operation_id="snapshots", summary="What can be taken along", responses=SnapshotsSerializer)
    def get(self, request) -> Response:
        if unknown := set(request.query_params) - {"format"}:
            raise ValidationError(unknown_parameters(unknown))
        tell_a_little()
        paths = {(ALL, "ndjson"): reverse("api:snapshot-of-all")} | {
            (resource, kind): reverse("api:snapshot", kwargs={"resource": resource, "kind": kind})
            for resource in RESOURCES
            for kind in FORMATS
        }
        files = [
            {
                "resource": resource,
                "format": kind,
                "media_type": _MEDIA_TYPES[kind],
                "url": request.build_absolute_uri(path),
            }
            for (resource, kind), path in paths.items()
        ]
        keys = {resource: SHAPES[resource].keys for resource in RESOURCES}
        told = {"schema_version": SCHEMA_VERSION, "cursor": standing()[1], "resources": keys, "files": files}
        return Response(told)


class _AsNamed(DefaultContentNegotiation):
    """The ending of the name says the format; ``Accept`` does not matter."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class SnapshotView(RegistryHeaders, APIView):
    """Every public record of a resource, as it stood at one moment."""

    follows_clock = False
    cost = EXPORT

    content_negotiation_class = _AsNamed

    @extend_schema(
        operation_id="snapshot",
        summary="Take a resource along",
        parameters=[
            OpenApiParameter("resource", str, "path", enum=list(RESOURCES)),
            OpenApiParameter("kind", str, "path", enum=list(FORMATS)),
        ],
        responses={
            (200, media_type): OpenApiTypes.BINARY if kind == "parquet" else OpenApiTypes.STR
            for kind, media_type in _MEDIA_TYPES.items()
        },
    )
    def get(self, request, resource: str, kind: str) -> HttpResponse:
        return self.answer([resource], resource, kind)

    def answer(self, resources: list[str], name: str, kind: str) -> HttpResponse:
        if unknown := set(self.request.query_params):
            raise ValidationError(unknown_parameters(unknown))
        # Whoever asks for the headers alone does not have all records read.
        response = HttpResponse() if self.request.method == "HEAD" else self._made(resources, kind)
        response.headers["Content-Type"] = FORMATS[kind][1]
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        response.headers["X-Snapshot-Schema"] = SCHEMA_VERSION
        return response

    def _made(self, resources: list[str], kind: str) -> HttpResponse:
        shown = partial(at_host, origin=f"{self.request.scheme}://{self.request.get_host()}")
        tell_a_little()
        with ExitStack() as until_sent:
            if not PLACES.acquire(blocking=False):
                raise TooMany
            until_sent.callback(PLACES.release)
            if kind == "ndjson":
                return StreamingHttpResponse(_Lines(resources, shown, until_sent.pop_all()))
            return _whole(resources[0], kind, shown)


class WholeSnapshotView(SnapshotView):
    """Every public record of every resource, as it stood at one moment."""

    @extend_schema(
        operation_id="snapshot_of_all",
        summary="Take everything along",
        parameters=[],
        responses={(200, _MEDIA_TYPES["ndjson"]): OpenApiTypes.STR},
    )
    def get(self, request) -> HttpResponse:
        return self.answer(list(RESOURCES), ALL, "ndjson")


class _Lines:
    """The lines of a snapshot. Reading begins when the first one is sent: nothing else may happen meanwhile
    on the connection whose view of the registry is held still."""

    def __init__(self, resources: list[str], shown, until_sent: ExitStack):
        self.pieces, self.until_sent = self._made(resources, shown), until_sent

    @staticmethod
    def _made(resources: list[str], shown) -> Iterator[bytes]:
        with patience(settings.EXPORT_TIMEOUT_MS), standing_still(shown) as still:
            yield from ndjson(still, resources)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.pieces
        finally:
            self.until_sent.close()

    def close(self) -> None:
        self.pieces.close()
        self.until_sent.close()


def _whole(resource: str, kind: str, shown) -> HttpResponse:
    """A file that is written whole before it is sent, so that its size and digest go before it."""
    write, _ = FORMATS[kind]
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        digesting = Digesting(file)
        with patience(settings.EXPORT_TIMEOUT_MS), standing_still(shown) as still:
            rows = write(digesting, still, resource)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response = FileResponse(file)
    response.headers["Content-Length"] = str(digesting.size)
    response.headers["X-Snapshot-Cursor"] = still.cursor
    response.headers["X-Snapshot-Rows"] = str(rows)
    response.headers["X-Snapshot-SHA256"] = digesting.digest.hexdigest()
    return response
