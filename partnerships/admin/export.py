"""The current list as a file: its filter, its order, the rows that the user may see."""

import tempfile
from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone

from partnerships.services.tables import TABLES, About, csv_pieces, write_xlsx
from people.admin.base import NONSENSE
from people.statements import patience

from .asked import question_in_words

#: The most rows of a workbook: it is made whole before its first byte is sent.
XLSX_ROWS = 100_000
_CHUNK = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListExport:
    """Mixin of the agreements' model admin."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:kind>/", view, name="partnerships_agreement_export"), *super().get_urls()]

    def export_view(self, request, kind: str):
        """Answer ``csv``, ``csv-explained`` (with what was asked above the headings) or ``xlsx``."""
        if kind not in ("csv", "csv-explained", "xlsx"):
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        back = f"{reverse('admin:partnerships_agreement_changelist')}?{request.GET.urlencode()}"
        try:
            changelist = self.get_changelist_instance(request)
            rows = changelist.get_queryset(request)
        except IncorrectLookupParameters:
            messages.error(request, NONSENSE)
            return HttpResponseRedirect(reverse("admin:partnerships_agreement_changelist"))
        count = changelist.result_count
        if kind == "xlsx" and count > XLSX_ROWS:
            messages.error(
                request,
                f"A workbook takes {XLSX_ROWS:,} records, this list has {count:,}: narrow it, or take CSV.",
            )
            return HttpResponseRedirect(back)
        about = _about(request, changelist, count)
        records = _records(request, rows.values_list("pk", flat=True))
        return _workbook(records, about) if kind == "xlsx" else _csv(records, about, kind == "csv-explained")


def _records(request, keys) -> Iterator[dict]:
    """The records of the list, fetched in chunks: memory does not grow with their number."""
    table, chunk = TABLES["agreements"], []
    with patience(settings.EXPORT_TIMEOUT_MS):
        for key in keys.iterator(chunk_size=_CHUNK):
            chunk.append(key)
            if len(chunk) == _CHUNK:
                yield from table.records(request, chunk)
                chunk = []
        yield from table.records(request, chunk)


def _csv(records, about: About, explained: bool):
    pieces = csv_pieces(records, TABLES["agreements"].columns, about if explained else ())
    # The byte order mark is for whoever opens the file by a click: without it Excel reads Latin-1.
    response = StreamingHttpResponse(_marked(pieces), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return response


def _marked(pieces) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield from pieces


def _workbook(records, about: About):
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(file, records, TABLES["agreements"].columns, about=about, dates=True)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_name("xlsx"), content_type=_XLSX)


def _name(ending: str) -> str:
    return f"agreements-{timezone.localdate().isoformat()}.{ending}"


def _about(request, changelist, count: int) -> About:
    now = timezone.localtime()
    address = request.build_absolute_uri(reverse("admin:partnerships_agreement_changelist"))
    question = request.GET.urlencode()
    return [
        ("Export of", "agreements, as one member of staff may see them"),
        *question_in_words(changelist),
        ("Records", str(count)),
        ("Made on", f"{now:%Y-%m-%d %H:%M} {now.tzname()}"),
        ("Made by", request.user.get_full_name() or request.user.get_username()),
        ("Address of the list", f"{address}?{question}" if question else address),
    ]
