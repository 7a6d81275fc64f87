"""The steps of a bulk act: the action of the list, the form of an edit, the preview, the run."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from partnerships import tasks
from partnerships.choices import BulkOutcome, BulkState
from partnerships.models import Agreement, BulkRun
from partnerships.services.bulk.acts import bulk_acts
from partnerships.services.bulk.changes import Changes
from partnerships.services.bulk.doing import EDIT, LONGEST_REASON, UNDO, Doing, in_words
from partnerships.services.bulk.preview import MOST, TRIED_OUT, preview, undone_items
from partnerships.services.bulk.running import begin_run, carry_on

from .forms import BulkEditForm
from .selection import Selection, read_selection

#: The most lines of one kind that a page shows; the counts are of all.
SHOWN = 200
_LIST = "admin:partnerships_agreement_changelist"
_PREFIX = "bulk_"


class BulkPages:
    """Mixin of the agreements' model admin."""

    def get_urls(self):
        def address(route: str, view, name: str):
            return path(f"bulk/{route}", self.admin_site.admin_view(view), name=f"bulk_{name}")

        mine = [
            address("preview/", require_POST(self.bulk_preview_view), "preview"),
            address("run/", require_POST(self.bulk_run_view), "run"),
            address("<str:uid>/", require_GET(self.bulk_result_view), "result"),
            address("<str:uid>/undo/", require_GET(self.bulk_undo_view), "undo"),
        ]
        return [*mine, *super().get_urls()]

    def get_actions(self, request) -> dict:
        """“Edit…”, and each act that the user may perform on some record."""
        actions = super().get_actions(request)
        if request.user.has_perm("partnerships.change_agreement"):
            actions[_PREFIX + EDIT] = (type(self).bulk_edit_action, _PREFIX + EDIT, "Edit…")
        for name, act in bulk_acts().items():
            if request.user.has_perm(f"partnerships.{act.permission}_agreement"):
                actions[_PREFIX + name] = (_action(name), _PREFIX + name, f"{act.label}…")
        return actions

    def bulk_edit_action(self, request, queryset):
        """Ask what shall be changed."""
        selection = self._selected(request, queryset, EDIT)
        return self._edit_page(request, selection, BulkEditForm(user=request.user)) if selection else None

    def bulk_act_action(self, request, queryset, name: str):
        """Show at once what the act would do: it takes no more than a reason."""
        selection = self._selected(request, queryset, name)
        return self._preview_page(request, selection) if selection else None

    def _selected(self, request, queryset, act: str) -> Selection | None:
        keys = list(queryset.values_list("pk", flat=True)[: MOST + 1])
        if len(keys) > MOST:
            messages.error(request, f"At most {MOST:,} records at once; narrow the list.")
            return None
        return Selection(act, keys, question=request.GET.urlencode())

    # --- the steps -----------------------------------------------------------------------------------

    def bulk_preview_view(self, request):
        """From the form of an edit to its preview."""
        try:
            selection = read_selection(request.POST.get("selection", ""), request.user)
        except ValidationError as error:
            return self._back(request, error)
        form = BulkEditForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._edit_page(request, selection, form, status=400)
        selection.changes = form.changes()
        return self._preview_page(request, selection)

    def bulk_undo_view(self, request, uid: str):
        """Show what taking an edit back would do to each record that it changed."""
        run = self._run(request, uid)
        selection = Selection(UNDO, sorted(undone_items(run)), question=run.question, undoes=run.uid)
        return self._preview_page(request, selection)

    def bulk_run_view(self, request):
        """Do what was previewed: at once, or by the worker where it is much."""
        try:
            selection = read_selection(request.POST.get("selection", ""), request.user)
        except ValidationError as error:
            return self._back(request, error)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:LONGEST_REASON]
        undoes = self._run(request, selection.undoes) if selection.undoes else None
        try:
            run = begin_run(
                by=request.user, act=selection.act, selection=selection.seen, changes=selection.changes,
                reason=reason, whole=request.POST.get("mode") != "each", question=selection.question,
                undoes=undoes,
            )  # fmt: skip
        except ValidationError as error:
            return self._preview_page(request, selection, refusal=in_words(error), status=400)
        if len(selection.seen) > TRIED_OUT:
            transaction.on_commit(lambda: tasks.carry_on_bulk_run.enqueue(run.pk))
        else:
            carry_on(run.pk)
        return HttpResponseRedirect(reverse("admin:bulk_result", args=[run.uid]))

    def bulk_result_view(self, request, uid: str):
        """What was done and what was not; while it goes on, how far it is."""
        run = self._run(request, uid)
        counts = _counts(run)
        total = sum(counts.values())
        left = counts.get(BulkOutcome.WAITING, 0)
        well = [BulkOutcome.DONE, BulkOutcome.UNCHANGED]
        ill = run.items.exclude(outcome__in=[BulkOutcome.WAITING, *well])
        items = [*ill[:SHOWN], *run.items.filter(outcome__in=well)[:SHOWN]]
        seen = Agreement.objects.visible_to(request.user)
        titles = dict(seen.filter(pk__in=[item.agreement_id for item in items]).values_list("pk", "title"))
        context = {
            **self._context(request, f"{_label(run.act)}: {total:,} records"),
            "run": run,
            "going_on": run.state in (BulkState.WAITING, BulkState.RUNNING),
            "total": total,
            "ready": total - left,
            "counts": [(BulkOutcome(name).label, number) for name, number in counts.items()],
            "groups": _groups(items, titles),
            "more": max(total - left - len(items), 0),
            "back": _list_address(run.question),
            "can_undo": run.act == EDIT and run.state == BulkState.DONE and bool(undone_items(run)),
        }
        response = TemplateResponse(request, "admin/partnerships/agreement/bulk_result.html", context)
        if context["going_on"]:
            # The page looks again by itself, without a script.
            response.headers["Refresh"] = "3"
        return response

    # --- pages ---------------------------------------------------------------------------------------

    def _edit_page(self, request, selection: Selection, form: BulkEditForm, status: int = 200):
        context = {
            **self._context(request, f"Edit {len(selection.keys):,} agreements"),
            "form": form,
            "media": self.media + form.media,
            "selection": selection.signed(request.user),
            "back": _list_address(selection.question),
        }
        page = "admin/partnerships/agreement/bulk_edit.html"
        return TemplateResponse(request, page, context, status=status)

    def _preview_page(self, request, selection: Selection, *, refusal: str = "", status: int = 200):
        act = bulk_acts().get(selection.act)
        reason = request.POST.get("reason", "")
        # A required reason is typed on the page that this makes; the rules are tried out with any.
        doing = Doing(selection.act, request.user, reason.strip() or "preview", Changes(selection.changes))
        undoes = self._run(request, selection.undoes) if selection.undoes else None
        found = preview(doing=doing, keys=selection.keys, undoes=undoes)
        selection.seen = found.selection
        context = {
            **self._context(request, f"{_label(selection.act)}: look before you do it"),
            "preview": found,
            "groups": [
                ("Refused", "refused", found.refused[:SHOWN], len(found.refused)),
                ("Will be done", "going", found.going[:SHOWN], len(found.going)),
                ("Nothing to change", "unchanged", found.unchanged[:SHOWN], len(found.unchanged)),
            ],
            "gone": len(selection.keys) - len(found.rows),
            "label": _label(selection.act),
            "needs_reason": bool(act and act.needs_reason),
            "reason": reason,
            "each": request.POST.get("mode") == "each",
            "refusal": refusal,
            "as_job": len(found.going) > TRIED_OUT,
            "selection": selection.signed(request.user),
            "back": _list_address(selection.question),
        }
        page = "admin/partnerships/agreement/bulk_preview.html"
        return TemplateResponse(request, page, context, status=status)

    def _context(self, request, title: str) -> dict:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    def _run(self, request, uid: str) -> BulkRun:
        """A run of the user's own; an administrator of everything looks at all."""
        if not request.user.has_perm("partnerships.view_agreement"):
            raise PermissionDenied
        runs = BulkRun.objects.all() if request.user.is_superuser else BulkRun.objects.filter(by=request.user)
        return get_object_or_404(runs.select_related("by", "undoes"), uid=uid)

    def _back(self, request, error: ValidationError):
        for message in error.messages:
            messages.error(request, message)
        return HttpResponseRedirect(reverse(_LIST))


def _action(name: str):
    """The action of an act, as the list calls it."""

    def action(model_admin, request, queryset):
        return model_admin.bulk_act_action(request, queryset, name)

    return action


def _label(act: str) -> str:
    words = {EDIT: "Bulk edit", UNDO: "Undo a bulk edit"}
    return words.get(act) or (bulk_acts()[act].label if act in bulk_acts() else act)


def _list_address(question: str) -> str:
    return f"{reverse(_LIST)}?{question}" if question else reverse(_LIST)


def _counts(run: BulkRun) -> dict[str, int]:
    outcomes = run.items.order_by().values_list("outcome")
    found = dict.fromkeys(BulkOutcome.values, 0)
    for outcome, number in outcomes.annotate(n=Count("pk")):
        found[outcome] = number
    return {outcome: number for outcome, number in found.items() if number}


def _groups(items: list, titles: dict[int, str]) -> list[tuple[str, str, list]]:
    """What was done and what was not, the worse first: words, outcome, (item, title) rows."""
    order = ("refused", "left_out", "undone", "done", "unchanged")
    grouped = ((name, [item for item in items if item.outcome == name]) for name in order)
    return [
        (BulkOutcome(name).label, name, [(item, titles.get(item.agreement_id, "")) for item in rows])
        for name, rows in grouped
        if rows
    ]
