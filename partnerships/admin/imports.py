"""Importing a spreadsheet, step by step: file, columns, preview, run; and the way back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from unfold.decorators import display

from partnerships.choices import ImportState, RowKind
from partnerships.models import ImportBatch
from partnerships.services import importing
from partnerships.services.importing.returning import FORMATS, as_csv, as_xlsx
from partnerships.tasks import work_on_import
from people.admin.base import RegistryModelAdmin
from people.admin.forms import add_errors

from .import_forms import MappingForm, PartiesForm, UploadForm

_COLOURS = {"checked": "info", "done": "success", "unreadable": "danger", "mapping": "warning"}
_STEPS = [
    ("File", {"reading", "unreadable"}),
    ("Columns", {"mapping"}),
    ("Preview", {"checking", "checked"}),
    ("Import", {"running"}),
    ("Done", {"done", "undoing", "undone"}),
]
_ROWS, _NAMES = 50, 50
_ACTS = {"run": importing.run_import, "undo": importing.undo_import}


@admin.register(ImportBatch)
class ImportAdmin(RegistryModelAdmin):
    list_display = ("filename", "kind", "shown_state", "office", "user", "created_at", "ran_at")
    list_select_related = ("office", "user")
    list_display_links = ("filename",)
    ordering = ("-created_at", "-pk")
    search_fields = ("filename",)

    def has_delete_permission(self, request, obj=None) -> bool:
        """An import is discarded with a button of its own, or undone; what it wrote names it."""
        return False

    def has_view_permission(self, request, obj=None) -> bool:
        """Whoever may record for some office sees the imports of theirs."""
        return self.has_add_permission(request)

    @display(description="State", label=_COLOURS)
    def shown_state(self, batch: ImportBatch) -> tuple[str, str]:
        """How far it is."""
        return batch.state, batch.get_state_display()

    def get_urls(self):
        def page(route: str, view, name: str):
            return path(route, self.admin_site.admin_view(view), name=f"partnerships_importbatch_{name}")

        return [
            page("<int:key>/columns/", self.columns_view, "columns"),
            page("<int:key>/institutions/", self.institutions_view, "institutions"),
            page("<int:key>/refused.<str:form>", self.refused_view, "refused"),
            page("<int:key>/<str:act>/do/", self.act_view, "act"),
            *super().get_urls(),
        ]

    @method_decorator(csrf_protect)
    def add_view(self, request, form_url="", extra_context=None):
        """Step 1: the file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid() and (batch := self._receive(request, form)):
            return self._to(batch)
        return self._page(request, "upload", "Import a spreadsheet", None, form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The import where it stands."""
        batch = self._batch(request, object_id)
        if batch.state in ImportState.under_way():
            page = self._page(request, "working", batch.get_state_display(), batch)
            # The page asks for itself again, with scripts or without.
            page.headers["Refresh"] = "2"
            return page
        if batch.state == ImportState.MAPPING:
            return HttpResponseRedirect(_address("columns", batch))
        return self._preview(request, batch)

    @method_decorator(csrf_protect)
    def columns_view(self, request, key: int):
        """Step 2: what the columns are."""
        batch = self._batch(request, key)
        if batch.state not in {ImportState.MAPPING, ImportState.CHECKED}:
            return self._to(batch)
        profiles = importing.fitting_profiles(batch, request.user)
        wanted = request.GET.get("profile", "")
        profile = next((one for one in profiles if str(one.pk) == wanted), profiles[0] if profiles else None)
        form = MappingForm(request.POST or None, batch=batch, profile=profile)
        if request.method == "POST" and form.is_valid():
            kept = form.cleaned_data["profile"]
            if self._do(request, form, importing.choose_mapping, batch, mapping=form.mapping(), profile=kept):
                return self._to(batch)
        facts = {"form": form, "profiles": profiles, "profile": profile}
        return self._page(request, "columns", "What are the columns?", batch, **facts)

    @method_decorator(csrf_protect)
    def institutions_view(self, request, key: int):
        """Who is meant by the names: those to be chosen first."""
        batch = self._batch(request, key)
        rows = batch.parties.select_related("institution__country").order_by("-decision", "name", "pk")
        page = Paginator(rows, _NAMES).get_page(request.GET.get("page"))
        form = PartiesForm(request.POST or None, parties=list(page), user=request.user)
        if request.method == "POST" and form.is_valid():
            if not form.choices:
                messages.info(request, "Nothing was chosen anew.")
                return self._to(batch)
            if self._do(request, form, importing.choose_institutions, batch, choices=form.choices):
                return self._to(batch)
        return self._page(request, "institutions", "Who is meant?", batch, form=form, page=page)

    @method_decorator(csrf_protect)
    def act_view(self, request, key: int, act: str):
        """Run, undo or discard."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = self._batch(request, key)
        if act == "discard":
            try:
                importing.discard_import(batch=batch, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                return self._to(batch)
            messages.success(request, f"“{batch}” is discarded.")
            return HttpResponseRedirect(reverse("admin:partnerships_importbatch_changelist"))
        if act not in _ACTS:
            raise Http404
        if act == "undo" and not request.POST.get("sure"):
            messages.error(request, "Nothing was undone: tick that you are sure.")
            return self._to(batch)
        facts = {"leave_out": bool(request.POST.get("leave_out"))} if act == "undo" else {}
        self._do(request, None, _ACTS[act], batch, **facts)
        return self._to(batch)

    def refused_view(self, request, key: int, form: str):
        """The refused rows as a file."""
        batch = self._batch(request, key)
        if form not in FORMATS:
            raise Http404
        body = {"csv": as_csv, "xlsx": as_xlsx}[form](batch)
        headers = {"Content-Disposition": f'attachment; filename="refused-{batch.uid}.{form}"'}
        return StreamingHttpResponse(body, content_type=FORMATS[form], headers=headers)

    # --- what the steps share ----------------------------------------------------------------------

    def _preview(self, request, batch: ImportBatch):
        kind = request.GET.get("kind", "")
        rows = batch.rows.all()
        if kind in RowKind.values:
            rows = rows.filter(kind=kind)
        page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
        names = {key for row in page for key in row.parties}
        parties = batch.parties.select_related("institution").in_bulk(names)
        for row in page:
            row.named = [parties[key] for key in row.parties if key in parties]
        counts = [
            (name, label, batch.counts.get(name, 0)) for name, label in RowKind.choices if name != "waiting"
        ]
        facts = {"page": page, "kind": kind, "counts": counts, "may_run": batch.state == ImportState.CHECKED}
        return self._page(request, "preview", batch.get_state_display(), batch, **facts)

    def _receive(self, request, form: UploadForm) -> ImportBatch | None:
        data = form.cleaned_data
        reading = {name: data[name] for name in ("encoding", "delimiter", "sheet")}
        try:
            batch = importing.receive_upload(
                upload=data["file"],
                filename=data["file"].name,
                office=data["office"],
                by=request.user,
                kind=data["kind"],
                reading=reading,
            )
        except ValidationError as error:
            add_errors(form, error)
            return None
        self._hand_over(batch)
        return batch

    def _do(self, request, form, act, batch: ImportBatch, **facts) -> bool:
        """Perform an act and hand its job over; tell beside the fields, or above the page, why not."""
        try:
            act(batch=batch, by=request.user, **facts)
        except ValidationError as error:
            if form is not None:
                add_errors(form, error)
            else:
                messages.error(request, " ".join(error.messages))
            return False
        self._hand_over(batch)
        return True

    @staticmethod
    def _hand_over(batch: ImportBatch) -> None:
        transaction.on_commit(lambda: work_on_import.enqueue(batch.pk))

    def _batch(self, request, key) -> ImportBatch:
        batch = (
            ImportBatch.objects.visible_to(request.user).filter(pk=key).first()
            if str(key).isdecimal()
            else None
        )
        if batch is None:
            raise Http404
        return batch

    def _to(self, batch: ImportBatch) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:partnerships_importbatch_change", args=[batch.pk]))

    def _page(self, request, name: str, title: str, batch: ImportBatch | None, **facts) -> TemplateResponse:
        request.current_app = self.admin_site.name
        state = batch.state if batch else "reading"
        now = next(number for number, (_, states) in enumerate(_STEPS) if state in states)
        if name == "columns":
            now = 1
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "batch": batch,
            "steps": [(label, number < now, number == now) for number, (label, _) in enumerate(_STEPS)],
            **facts,
        }
        return TemplateResponse(request, f"admin/partnerships/importbatch/{name}.html", context)


def _address(name: str, batch: ImportBatch) -> str:
    return reverse(f"admin:partnerships_importbatch_{name}", args=[batch.pk])
