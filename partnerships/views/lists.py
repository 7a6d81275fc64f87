"""The list page: what was asked, what was found, and the way to every neighbouring answer."""

from collections.abc import Iterator, Sequence

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.filtersets.base import PAGE_PARAMETERS, RegistryFilterSet
from partnerships.filtersets.reading import Misread, NoSuchPage, Stretch, read
from partnerships.search.answers import Count
from partnerships.templatetags.registry import counted

from .controls import Control, OptionMaker, chips_of, controls_of, errors_of, filters_by_resource
from .meant import meant
from .options import choose, records_of_identifiers
from .pages import PublicPage
from .queries import (
    API_ONLY,
    address,
    from_the_beginning,
    moved,
    question_alone,
    replaced,
    twin,
    with_query,
    without,
)

MAX_PAGE_SIZE = 100
FORMATS = ("csv", "json", "xlsx")
#: How close rows stand, as (value, words); the first one holds where none is asked.
DENSITIES = (("", gettext_lazy("Comfortable")), ("compact", gettext_lazy("Compact")))


class RegistryList(PublicPage):
    """A list page of one resource. A subclass names the model, the filter set and the template.

    The answer is 400, without results, where a value is bad; a parameter that means nothing is
    pointed out above the results.
    """

    model: type[Model]
    filterset_class: type[RegistryFilterSet]
    #: The name of the resource in the API's addresses.
    resource: str
    heading: str
    lead = ""
    page_size = 25
    #: Selects of the form, by parameter.
    options: dict[str, OptionMaker] = {}
    #: Parameters that the form shows at once; the others wait behind “More filters”.
    main_filters: tuple[str, ...] = ("q", "country", "type")
    #: Facets that stand open from the beginning.
    open_filters: tuple[str, ...] = ("country", "status")
    #: Resources whose names are held against words that find nothing.
    meant_among: tuple[str, ...] = ()
    #: Orders offered as links, as (value, words); the first one holds where none is asked.
    orders: tuple[tuple[str, str], ...] = ()

    def get_queryset(self) -> QuerySet:
        return self.model.objects.visible_to(self.user).for_list(self.user)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        questions = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        misread, page = None, Stretch([])
        if questions.is_valid():
            try:
                page = self.page_of(questions.result)
            except Misread as error:
                misread = error
        context = self.get_context_data(questions=questions, page=page, misread=misread)
        return self.render_to_response(context, status=200 if questions.is_valid() and not misread else 400)

    def page_of(self, rows: QuerySet) -> Stretch:
        """Return the stretch that the address asks for; a page that is not there is not found."""
        number = self.request.GET.get("page") or "1"
        if not (number.isdecimal() and len(number) < 10 and int(number)):
            raise Http404("There is no such page of the list.")
        try:
            return read(rows, self.request.GET, number=int(number), size=self.size_of_page())
        except NoSuchPage as error:
            raise Http404(str(error)) from error

    def size_of_page(self) -> int:
        asked = self.request.GET.get("page_size", "")
        if asked.isdecimal() and len(asked) < 10 and int(asked) > 0:
            return min(int(asked), MAX_PAGE_SIZE)
        return self.page_size

    def get_context_data(
        self, *, questions: RegistryFilterSet, page: Stretch, misread: Misread | None = None, **kwargs
    ) -> dict:
        query = self.request.GET
        controls = self.controls(questions)
        known = {control.name: control for control in controls}
        context = super().get_context_data(
            page=page,
            rows=page.rows,
            heading=self.heading,
            lead=self.lead,
            hidden=[(name, query[name]) for name in ("ordering", "page_size", "density") if query.get(name)],
            main_controls=[known[name] for name in self.main_filters],
            more_controls=[control for control in controls if control.name not in self.main_filters],
            suggested_filters=filters_by_resource(controls),
            suggested_resources=" ".join(self.meant_among),
            chips=chips_of(query, controls, self.chosen),
            errors=errors_of(questions, controls) + ([_told(misread)] if misread else []),
            misread=misread,
            notices=self.notices(questions),
            **self.navigation(page),
            **kwargs,
        )
        context["counted"] = counted(Count.exact(page.count or 0), self.resource)
        words = query.get("q", "").strip()
        if words and not context["errors"] and not page.count:
            context["meant"] = meant(words, self.user, self.meant_among)
        context["more_open"] = any(control.is_answered for control in context["more_controls"])
        context["is_narrowed"] = bool(context["chips"])
        return context

    def controls(self, questions: RegistryFilterSet) -> list[Control]:
        """The questions of the form, with what was chosen; a subclass may know numbers beside them."""
        controls = controls_of(questions, self.options)
        self.chosen = records_of_identifiers(questions)
        for control in controls:
            if control.kind == "identifier" or control.name in self.chosen:
                choose(control, self.chosen.get(control.name, {}))
            control.is_open = control.name in self.open_filters
        return controls

    def navigation(self, page: Stretch) -> dict:
        """Addresses of the neighbouring states of this page, and of its data."""
        query = self.request.GET
        api = twin(self.resource, query)
        return {
            "orders": list(self.links("ordering", self.orders)),
            "densities": list(self.links("density", DENSITIES)),
            "is_compact": query.get("density") == "compact",
            "link": self.request.build_absolute_uri(with_query(self.request.path, question_alone(query))),
            "previous": address(moved(query, *page.previous)) if page.previous else "",
            "next": address(moved(query, *page.next)) if page.next else "",
            "beginning": address(from_the_beginning(query)),
            "api": api,
            "data": self.data(query) if api else {},
        }

    def data(self, query) -> dict[str, str]:
        """Addresses of the same answer in other forms, by what each is called."""
        return {name: twin(self.resource, query, format=name) for name in FORMATS}

    def links(self, name: str, choices: Sequence[tuple[str, str]]) -> Iterator[dict]:
        """The same answer in another order, density or drawing: a link for each (value, words).

        The first value holds where none is asked.
        """
        query, usual = self.request.GET, choices[0][0] if choices else ""
        chosen = query.get(name, "") or usual
        for value, words in choices:
            asked = without(query, name) if value == usual else replaced(query, name, value)
            yield {
                "value": value,
                "words": words,
                "address": address(asked),
                "is_current": value == chosen,
            }

    def notices(self, questions: RegistryFilterSet) -> list[str]:
        """Say which parameters were not understood, or mean nothing on a page."""
        found = [
            _("“%(name)s” is not a filter of this list and was left out.") % {"name": name}
            for name in questions.unknown_parameters
            if name not in PAGE_PARAMETERS
        ]
        found += [
            _("“%(name)s” shapes answers of the API; this page does not use it.") % {"name": name}
            for name in API_ONLY
            if name in questions.data
        ]
        density = self.request.GET.get("density", "")
        if density not in dict(DENSITIES):
            found.append(_("“%(value)s” is no density of a list; it can be “compact”.") % {"value": density})
        return found


def _told(misread: Misread) -> dict:
    words = {"page": _("Page"), "cursor": _("Cursor")}
    return {"label": words.get(misread.field, misread.field), "message": misread.message, "target": ""}
