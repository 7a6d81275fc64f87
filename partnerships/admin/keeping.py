"""A list keeps its question: on the way back from a record, after an act, and when it is opened again.

The question of the list stands in the address of a record that was opened from it; the last one that
was asked on the list itself stands in the session. Whoever asks for the bare list from elsewhere in
the admin gets it back, with a line that says so; from the list itself the bare address means “all”.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ERROR_FLAG
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse

from partnerships.services.saved_filters import normal_question

_SESSION, _FILTERS = "kept_questions", "_changelist_filters"


class KeepsQuestion:
    """Mixin of a model admin, before everything that answers with a redirect."""

    def changelist_view(self, request, extra_context=None):
        """Lead to the kept question where the bare list is asked for from elsewhere."""
        if request.method != "GET" or IS_POPUP_VAR in request.GET:
            return super().changelist_view(request, extra_context)
        if question := self._given_back(request):
            return HttpResponseRedirect(f"{request.path}?{question}")
        self._remember(request)
        given_back = request.session.get(_SESSION, {}).get(request.path, {}).get("given_back")
        asked = normal_question(request.GET.urlencode())
        context = {"kept_from_before": bool(asked) and asked == given_back}
        return super().changelist_view(request, context | (extra_context or {}))

    def _given_back(self, request) -> str:
        if request.GET:
            return ""
        came_from = _within(request)
        if came_from is None or came_from.path == request.path:
            return ""
        if came_from.path.startswith(request.path) and (filters := _filters_of(came_from.query)):
            return _without_flag(filters)
        kept = request.session.get(_SESSION, {}).get(request.path, {}).get("asked", "")
        if kept:
            self._store(request, {"asked": kept, "given_back": normal_question(kept)})
        return kept

    def _remember(self, request) -> None:
        """Keep what is asked on the list itself; forget it where the whole list is shown."""
        kept = request.session.get(_SESSION, {}).get(request.path)
        if not request.GET:
            if kept:
                self._store(request, None)
            return
        came_from = _within(request)
        if came_from is None or came_from.path != request.path or ERROR_FLAG in request.GET:
            return
        asked = request.GET.urlencode()
        given_back = (kept or {}).get("given_back")
        if given_back != normal_question(asked):
            given_back = None
        if kept != {"asked": asked, "given_back": given_back}:
            self._store(request, {"asked": asked, "given_back": given_back})

    def _store(self, request, kept: dict | None) -> None:
        lists = {path: one for path, one in request.session.get(_SESSION, {}).items() if path != request.path}
        request.session[_SESSION] = lists | ({request.path: kept} if kept else {})

    # --- on the way through a record -----------------------------------------------------------------

    def keeping(self, request, response):
        """Give a redirect to a record the list's question with it, as its form had it."""
        if not isinstance(response, HttpResponseRedirect):
            return response
        came_from = _within(request)
        filters = request.GET.get(_FILTERS) or (came_from and _filters_of(came_from.query))
        parts = urlsplit(response.url)
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if filters and not parts.query and parts.path.startswith(here) and parts.path.endswith("/change/"):
            address = parts._replace(query=urlencode({_FILTERS: filters})).geturl()
            return HttpResponseRedirect(address)
        return response

    def response_add(self, request, obj, post_url_continue=None):
        return self.keeping(request, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return self.keeping(request, super().response_change(request, obj))

    def act_view(self, request, *args, **kwargs):
        """An act leads back to the record, and the record to the list as it was."""
        return self.keeping(request, super().act_view(request, *args, **kwargs))


def _within(request):
    """Where in the admin the visitor comes from; None from elsewhere, or if the browser does not say."""
    parts = urlsplit(request.headers.get("referer", ""))
    ours = parts.netloc == request.get_host() and parts.path.startswith(reverse("admin:index"))
    return parts if ours else None


def _filters_of(query: str) -> str:
    return parse_qs(query).get(_FILTERS, [""])[0]


def _without_flag(question: str) -> str:
    asked = QueryDict(question, mutable=True)
    asked.pop(ERROR_FLAG, None)
    return asked.urlencode()
