"""The history page of a record, and what to tell somebody whose form stood open meanwhile."""

from datetime import datetime

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.forms.models import _get_foreign_key
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from people.access import fields_hidden_from

from .as_of import AsItStood
from .entries import Actors, Entry, entry_of, in_short
from .reading import Change, Group, Trail, group_keys, is_tracked, leave_out_hidden, read_groups
from .undoing import RevertPages
from .wanted import Wanted, fields_to_choose, people_to_choose
from .words import Words

PER_PAGE = 50
PAGE_VAR = "p"
TOLD_AT_ONCE = 3


class HistoryPages(RevertPages, AsItStood):
    """Mixin of a model admin: who changed a record and its rows, when, why and how.

    The rows of the inlines belong to the record by themselves; ``history_of`` names others by
    the way to them, for example ``("parties__signatories",)``.
    """

    history_of: tuple[str, ...] = ()
    object_history_template = "admin/registry/object_history.html"

    def hidden_fields(self, user, obj: Model) -> frozenset[str]:
        """Fields that ``user`` may not read of ``obj``: ``field``, or ``model_name.field`` of its rows.

        The one place where that is declared: history, reverting and past states leave them out. A
        model may answer for itself with a method of the same name and ``user`` as its argument.
        """
        own = getattr(obj, "hidden_fields", None)
        return fields_hidden_from(user, obj) | (frozenset(own(user)) if own else frozenset())

    def act_of(self, change: Change) -> str:
        """The name of the act that a change of the record was part of, such as “Published”; or nothing."""
        return ""

    def history_view(self, request, object_id, extra_context=None):
        record = self.record_to_read(request, object_id)
        if not isinstance(record, self.model):
            return record
        trails, hidden = self.trails(), self.hidden_fields(request.user, record)
        wanted = Wanted(request.GET.get("field", ""), request.GET.get("who", ""))
        choices = fields_to_choose(trails, hidden)
        if wanted.field and wanted.field not in {key for _, fields in choices for key, _ in fields}:
            wanted = Wanted("", wanted.who)
        paginator = Paginator(group_keys(trails, record, narrowed=wanted.narrowed), PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        context = {
            "title": f"History: {record}",
            "page": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "entries": self._entries(request, record, list(page.object_list), wanted),
            "wanted": wanted,
            "wanted_query": _query(request),
            "fields": choices,
            "people": list(people_to_choose(trails, record)),
            "may_revert": self.may_revert(request, record),
            **(extra_context or {}),
        }
        return self.history_response(request, record, self.object_history_template, context)

    def record_to_read(self, request, object_id: str):
        """The record, or the answer to somebody who asks for one that is not there or not open to them."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if not is_tracked(self.model):
            raise Http404("Nothing is recorded of these.")
        return record

    def history_response(self, request, record: Model, template: str, context: dict, status: int = 200):
        """A page beside the record's own."""
        request.current_app = self.admin_site.name
        info = (self.opts.app_label, self.opts.model_name)
        common = {
            **self.admin_site.each_context(request),
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": record,
            "opts": self.opts,
            **{
                f"{name}_url": reverse("admin:{}_{}_{}".format(*info, name), args=[quote(record.pk)])
                for name in ("change", "history", "revert", "asof")
            },
        }
        return TemplateResponse(request, template, common | context, status=status)

    def trails(self) -> list[Trail]:
        """The history tables that tell of a record of this kind."""
        top = Trail(self.model)
        found = [top, *_trails_of_inlines(self.model, self.inlines, top)]
        for path in self.history_of:
            trail, model = top, self.model
            for name in path.split("__"):
                relation = model._meta.get_field(name)
                model = relation.related_model
                trail = Trail(model, relation.field.name, trail)
            found.append(trail)
        return list(dict.fromkeys(found))

    def told_in_short(self, request, record, since: datetime) -> str:
        """Who changed what of ``record`` after ``since``, in one line."""
        keys = list(group_keys(self.trails(), record, since)[:TOLD_AT_ONCE])
        return "; ".join(in_short(entry) for entry in self._entries(request, record, keys))

    def told_of_event(self, event) -> str:
        """“Ada, 2024-05-21 14:03 (why)” of one event of a history table."""
        facts = event.pgh_context.metadata if event.pgh_context_id else None
        actors = Actors([Group(event.pgh_created_at, facts)])
        told = f"{actors.name(facts)}, {timezone.localtime(event.pgh_created_at):%Y-%m-%d %H:%M}"
        reason = str((facts or {}).get("reason", ""))
        return f"{told} ({reason})" if reason else told

    def open_groups(self, request, record: Model, keys: list) -> list[Group]:
        """The groups ``keys`` as far as ``request.user`` may read them."""
        groups = read_groups(self.trails(), record, keys)
        leave_out_hidden(groups, request.user)
        return [group for group in groups if group.changes]

    def _entries(self, request, record, keys: list, wanted: Wanted | None = None) -> list[Entry]:
        wanted = wanted or Wanted()
        groups = self.open_groups(request, record, keys)
        acts = [self._act(group) for group in groups]
        for group in groups:
            group.changes = [change for change in group.changes if wanted.shows(change.trail)]
        words = Words(groups, request.user, self.hidden_fields(request.user, record), wanted.shows)
        actors = Actors(groups)
        entries = [
            entry_of(group, words, actors, act)
            for group, act in zip(groups, acts, strict=True)
            if group.changes
        ]
        for entry in entries:
            # What is left of a change whose every field is hidden would only say that there is one.
            entry.changes = [told for told in entry.changes if told.lines or told.kind != "update"]
        return [entry for entry in entries if entry.changes]

    def _act(self, group: Group) -> str:
        named = (group.facts or {}).get("act")
        if isinstance(named, str) and named:
            return str(capfirst(named.replace("_", " ")))
        acts = [self.act_of(change) for change in group.changes if not change.trail.link]
        return next(filter(None, reversed(acts)), "")


def _trails_of_inlines(model, inlines, above: Trail) -> list[Trail]:
    found = []
    for inline in inlines:
        if is_tracked(inline.model):
            link = _get_foreign_key(model, inline.model, fk_name=inline.fk_name)
            trail = Trail(inline.model, link.name, above)
            found += [trail, *_trails_of_inlines(inline.model, getattr(inline, "inlines", ()), trail)]
    return found


def _query(request) -> str:
    """The question of the page without its number."""
    query = request.GET.copy()
    query.pop(PAGE_VAR, None)
    return query.urlencode()
