"""What every resource of the API does in the same way."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partnerships.services.tables import Column
from people.statements import deadline, patience

from . import including, validators
from .deprecation import TellsDeprecations
from .errors import Moved, unknown_parameters
from .pagination import refuse_bad_numbers
from .renderers import LIST_RENDERERS, ExportRenderer
from .scopes import require_writing_scope
from .selection import selected

#: Rows fetched at a time for an export.
CHUNK = 500


class RegistryHeaders(TellsDeprecations):
    """Refuses what is no text; says who may keep an answer, whether the client has it, what of it will go."""

    #: What to remember the tag of this answer by; None where it is not remembered.
    remembered_as: tuple[bytes, tuple] | None = None

    def initial(self, request, *args, **kwargs) -> None:
        _require_text(request)
        super().initial(request, *args, **kwargs)
        require_writing_scope(request, self)
        if self.follows_clock and validators.may_remember(request):
            key, moment = self.remembered_as = validators.question_key(request), validators.moment()
            self.unless_held(validators.memory.recall(key, moment))

    #: False where answers are made of more than what moves the registry's clock.
    follows_clock = True

    def unless_held(self, tag: str | None) -> None:
        """Raise ``NotModified`` where the client has the answer that ``tag`` stands for."""
        held = self.request.headers.get("If-None-Match")
        if tag and held and (found := validators.named(held, tag)):
            if self.remembered_as:
                validators.memory.keep(*self.remembered_as, tag)
            raise validators.NotModified(found)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in SAFE_METHODS and response.status_code == 200:
            response = self._tagged(response)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        user = getattr(request, "_user", None)
        known = user is not None and user.is_authenticated
        response.headers.setdefault("Cache-Control", _kept_by(request.auth) if known else "no-cache")
        return response

    def _tagged(self, response):
        """Give an answer its tag, or say that the client has it already."""
        if "ETag" not in response.headers and isinstance(response, Response):
            response.headers["ETag"] = validators.tag_of_response(response)
        if tag := response.headers.get("ETag"):
            if self.remembered_as:
                validators.memory.keep(*self.remembered_as, tag)
            try:
                self.unless_held(tag)
            except validators.NotModified as unchanged:
                return validators.UnchangedResponse(unchanged.tag)
        return response


class RegistryViewSet(RegistryHeaders, GenericViewSet):
    """A readable resource: a model behind the gate, a serializer, a filter set, columns for tables."""

    model = None
    filterset_class = None
    columns: list[Column] = []
    #: Parameters that the address of one record takes.
    shapes_a_record = frozenset({"fields", "omit", "format"})
    #: What ``include`` may ask for.
    inclusions: dict[str, including.Inclusion] = {}
    #: Addresses of this resource may answer 410.
    may_be_withdrawn = False
    lookup_field = "uid"
    lookup_value_regex = "[^/]+"

    def rows(self):
        """Everything that the visitor may see, with what a record of it shows."""
        return self.model.objects.visible_to(self.request.user).for_detail(self.request.user)

    def get_queryset(self):
        return self.rows()

    def list(self, request, *args, **kwargs):
        self.select()
        rows = self.filter_queryset(self.get_queryset())
        if isinstance(request.accepted_renderer, ExportRenderer):
            return self.export(rows, request.accepted_renderer)
        page = self.complete(self.paginate_queryset(rows))
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        answer.data |= self.included([row.pk for row in page]) if self.inclusions else {}
        return answer

    def retrieve(self, request, *args, **kwargs):
        self.select_for_record()
        return Response(self.record_of(self.get_object()))

    def record_of(self, row) -> dict:
        """The record of a row that was read for it, with what is to be included."""
        record = self.get_serializer(row).data
        return record | self.included([row.pk]) if self.inclusions else record

    def get_object(self):
        """Find the record by the id of the address, in any form that the resource understands."""
        uid = self.kwargs[self.lookup_field].strip()
        if "\x00" in uid:
            raise Http404
        record = self.by_identifier(self.get_queryset(), uid).first()
        if record is None:
            self.missing(uid)
        self.check_object_permissions(self.request, record)
        return record

    def by_identifier(self, rows, uid: str):
        return rows.filter(uid=uid)

    def missing(self, uid: str) -> NoReturn:
        """Raise what there is to say of an address without a record."""
        raise Http404

    def lead_to(self, uid: str) -> NoReturn:
        """Answer that the record is at another address since it was merged."""
        asked = self.request.query_params.urlencode()
        address = self.reverse_action("detail", kwargs={"uid": uid})
        reading = self.request.method in SAFE_METHODS
        raise Moved(f"{address}?{asked}" if asked else address, reading=reading)

    def complete(self, rows: list) -> list:
        """Add to the rows of a page what no queryset can fetch."""
        return rows

    # --- shape -----------------------------------------------------------------------------------

    selection: frozenset[str] | None = None
    wanted: Sequence[str] = ()

    def select(self) -> None:
        """Read ``fields``, ``omit`` and ``include`` before anything is fetched."""
        known = self.get_serializer_class()._declared_fields
        self.selection = selected(self.request.query_params, known)
        self.wanted = including.asked(self.request.query_params, self.inclusions)
        if self.wanted and isinstance(self.request.accepted_renderer, ExportRenderer):
            message = "Records are included in JSON only."
            raise ValidationError({"include": [ErrorDetail(message, "contradiction")]})

    def included(self, ids: Sequence[int]) -> dict:
        """The records that ``include`` asks for beside the rows ``ids``, under ``included``."""
        if not self.wanted:
            return {}
        context = super().get_serializer_context()
        found = {name: self.inclusions[name].records(ids, context) for name in self.wanted}
        return {"included": found}

    def select_for_record(self) -> None:
        """The same where one record is answered, to which no other parameter applies."""
        self.select()
        if unknown := set(self.request.query_params) - self.shapes_a_record - {"include"}:
            raise ValidationError(unknown_parameters(unknown))

    def get_serializer_context(self) -> dict:
        return super().get_serializer_context() | {"selection": self.selection}

    def get_renderers(self) -> list:
        kinds = LIST_RENDERERS if self.action == "list" else [JSONRenderer]
        return [kind() for kind in kinds]

    def export(self, rows, renderer: ExportRenderer):
        """Answer all ``rows`` in a format for tables or for streams."""
        refuse_bad_numbers(self.request.query_params)
        if renderer.limit and (count := rows.count()) > renderer.limit:
            message = (
                f"{renderer.format} takes {renderer.limit} rows, this question finds {count}: "
                "narrow it, or take csv or ndjson."
            )
            raise ValidationError({"format": [ErrorDetail(message, "too_many_rows")]})
        columns = [
            column for column in self.columns if self.selection is None or column.key in self.selection
        ]
        pieces = _patiently(renderer.chunks(self._records(rows), columns))
        response = StreamingHttpResponse(
            pieces if self.request.method == "HEAD" else Begun(pieces),
            content_type=getattr(renderer, "content_type", renderer.media_type),
        )
        resource = self.request.path.rstrip("/").rpartition("/")[2]
        name = f"{resource}-{timezone.localdate().isoformat()}.{renderer.format}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _records(self, rows) -> Iterator[dict]:
        for chunk in _chunked(rows):
            yield from self.export_records(chunk)

    def export_records(self, chunk) -> Iterator[dict]:
        """The records of some rows of an export."""
        yield from map(self.get_serializer().to_representation, self.complete(chunk))


def _kept_by(auth) -> str:
    """Who keeps what was not for everybody: a system may, for itself; a browser writes it nowhere."""
    return "private, no-cache" if auth else "private, no-store"


class Begun:
    """Pieces of a body of which the first is made at once: what fails then is still answered as an error."""

    def __init__(self, pieces: Generator[bytes, None, None]):
        self.pieces = pieces
        try:
            with deadline(settings.EXPORT_TIMEOUT_MS):
                self.first = next(pieces, b"")
        except BaseException:
            pieces.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        yield self.first
        yield from self.pieces

    def close(self) -> None:
        self.pieces.close()


def _patiently(pieces: Iterable[bytes]) -> Generator[bytes, None, None]:
    with patience(settings.EXPORT_TIMEOUT_MS):
        yield from pieces


def _chunked(rows) -> Iterator[list]:
    chunk = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _require_text(request) -> None:
    """Raise ValidationError where the query string is not UTF-8 or holds a null character."""
    raw = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise ValidationError("The query string is not UTF-8.") from error
    if "\x00" in text:
        raise ValidationError("The query string holds a null character.")
