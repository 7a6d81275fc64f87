"""The history page of a record, and what to tell somebody whose form stood open meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms.models import _get_foreign_key
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from people.models import ApiToken

from .reading import Group, Trail, group_keys, is_tracked, leave_out_hidden, read_groups
from .words import Told, Words, who

PER_PAGE = 50
PAGE_VAR = "p"
TOLD_AT_ONCE = 3


@dataclass
class Entry:
    """One group as the page shows it."""

    moment: datetime
    who: str
    reason: str
    request_id: str
    changes: list[Told]


class HistoryPages:
    """Mixin of a model admin: who changed a record and its rows, when, why and how.

    The rows of the inlines belong to the record by themselves; ``history_of`` names others by
    the way to them, for example ``("parties__signatories",)``.
    """

    history_of: tuple[str, ...] = ()
    object_history_template = "admin/registry/object_history.html"

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        paginator = Paginator(group_keys(self.trails(), record), PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {record}",
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": record,
            "opts": self.opts,
            "page": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "entries": self._entries(request, record, list(page.object_list)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)

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
        return "; ".join(_in_short(entry) for entry in self._entries(request, record, keys))

    def told_of_event(self, event) -> str:
        """“Ada on 2024-05-21 14:03, because …” of one event of a history table."""
        facts = event.pgh_context.metadata if event.pgh_context_id else None
        group = Group(event.pgh_created_at, facts)
        users, tokens = _actors([group], "user", get_user_model()), _actors([group], "token", ApiToken)
        reason = str((facts or {}).get("reason", ""))
        told = f"{who(facts, users, tokens)}, {timezone.localtime(event.pgh_created_at):%Y-%m-%d %H:%M}"
        return f"{told} ({reason})" if reason else told

    def _entries(self, request, record, keys: list) -> list[Entry]:
        groups = read_groups(self.trails(), record, keys)
        leave_out_hidden(groups, request.user)
        groups = [group for group in groups if group.changes]
        words = Words(groups, request.user)
        users, tokens = _actors(groups, "user", get_user_model()), _actors(groups, "token", ApiToken)
        return [
            Entry(
                group.moment,
                who(group.facts, users, tokens),
                str((group.facts or {}).get("reason", "")),
                str((group.facts or {}).get("request_id", "")),
                [words.tell(change) for change in group.changes],
            )
            for group in groups
        ]


def _trails_of_inlines(model, inlines, above: Trail) -> list[Trail]:
    found = []
    for inline in inlines:
        if is_tracked(inline.model):
            link = _get_foreign_key(model, inline.model, fk_name=inline.fk_name)
            trail = Trail(inline.model, link.name, above)
            found += [trail, *_trails_of_inlines(inline.model, getattr(inline, "inlines", ()), trail)]
    return found


def _actors(groups: list[Group], kind: str, model) -> dict:
    """Accounts or tokens that the groups name, by id, in one statement."""
    keys = {group.facts.get(kind) for group in groups if group.facts}
    return model._base_manager.in_bulk({key for key in keys if isinstance(key, int)})


def _in_short(entry: Entry) -> str:
    """“Ada on 2 May, 14:03 (title, party KAIST)”, for a message."""
    fields = [line.label.lower() for told in entry.changes if told.kind == "update" for line in told.lines]
    rows = [told.heading[:1].lower() + told.heading[1:] for told in entry.changes if told.kind != "update"]
    what = ", ".join(dict.fromkeys(fields + rows))
    moment = f"{timezone.localtime(entry.moment):%Y-%m-%d %H:%M}"
    return f"{entry.who}, {moment} ({what})" if what else f"{entry.who}, {moment}"
