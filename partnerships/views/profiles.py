"""A profile: what the agreements of an institution, a country, a person … have in common.

The page takes the filters of the list of agreements, beside the one that it stands for itself: its numbers,
pictures, partners and newest agreements are then those of the agreements that remain. Each number leads to
the list with the same filters and that one set. What occurs together with something that is asked for
already (a country with other countries) has no such list, as a repeated filter means any of; it leads to
its own page.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Facet, IndexCard
from partnerships.pictures.spans import timeline
from partnerships.search.answers import Question
from partnerships.search.facets import Named, facets_of, named

from .agreements import out_of_the_box
from .controls import Control, chips_of, controls_of, errors_of
from .counted import COUNTED, count_choices
from .details import RegistryDetail
from .explore.frame import pictures
from .options import choose, records_of_identifiers
from .profile_numbers import group_of, years_of
from .queries import replaced, with_query
from .shown import agreements_on

#: Agreements that a profile shows; the list has all of them.
NEWEST = 10
#: What the list of agreements can be asked, beside its order.
FILTERS = AgreementFilterSet.base_filters.keys() - {"ordering"}
_PAGES = {
    Facet.FOCUS_AREA: "focus-area",
    Facet.COUNTRY: "country",
    Facet.INSTITUTION: "institution",
    Facet.PERSON: "person",
    Facet.EVENT: "event",
}


class Profile(RegistryDetail):
    """The page of something that agreements have in common. A subclass names the facets that it counts."""

    #: Values of ``Facet``, in the order of the page.
    facets: tuple[str, ...]
    #: Instead of the usual ones, by facet.
    titles: Mapping[str, str | Promise] = {}
    #: Parameters of the page itself.
    parameters: frozenset[str] = frozenset()

    def asked(self) -> dict[str, str]:
        """The filter of the list of agreements that the page stands for, by name."""
        return {self.resource.replace("-", "_"): self.object.uid}

    def around(self) -> dict[str, str]:
        """How the network is asked, where it is drawn around the subject of the page."""
        return self.asked()

    def belonging(self) -> dict[str, Callable[[list[str]], Iterable[str]]]:
        """By facet, what chooses those of its values (primary keys or codes) that belong on the page."""
        return {}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if asked := out_of_the_box(request.GET):
            return HttpResponseRedirect(asked)
        return super().get(request, *args, **kwargs)

    def render_to_response(self, context: dict, **kwargs) -> HttpResponse:
        return super().render_to_response(context, status=400 if context["errors"] else 200, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | self.profile()

    # --- what is asked ------------------------------------------------------------------------------

    def profile(self) -> dict:
        """The newest of the agreements, their number, facets and pictures, and the form that narrows them."""
        self.inside = self._inside()
        self.query = self._together_with(self.asked())
        self.filters = AgreementFilterSet(
            replaced(self.query, "ordering", "-signed_on,-announced_on"),
            IndexCard.objects.visible_to(self.user),
            user=self.user,
        )
        if not self.filters.is_valid():
            return self._form({}) | {"agreement_total": 0}
        found, number = self.filters.result.with_count(0, NEWEST)
        counted = self._counted(self.filters.question)
        groups = {
            facet: group_of(facet, values, self._lead(facet), self.titles.get(facet, ""))
            for facet, values in counted.items()
        }
        newest = agreements_on(found, self.user)
        drawn = timeline(newest)
        return self._form(counted) | {
            "agreements": newest,
            "timeline": drawn,
            "spans": [(group, "") for group in drawn.groups],
            "agreement_count": self.filters.question.count,
            "agreement_total": number,
            "all_agreements": self._listed(self.query),
            "correction": self.filters.correction,
            "groups": groups,
            "years": years_of(groups.get(Facet.YEAR)),
            "pictures": pictures(self.query),
            "drawn": {
                "map": with_query(reverse("partnerships:explore-map"), self.query),
                "network": with_query(
                    reverse("partnerships:explore-network"), self._together_with(self.around())
                ),
            },
        }

    @property
    def narrowed(self) -> Callable | None:
        """What narrows cards by all that is asked; None where only the page itself asks."""
        if not self.inside:
            return None
        return self.filters.narrowed if self.filters.is_valid() else lambda cards: cards.none()

    def _inside(self) -> QueryDict:
        """The filters that the visitor has set, beside what the page stands for."""
        inside, own = QueryDict(mutable=True), {*self.asked(), *self.parameters}
        for name, values in self.request.GET.lists():
            if name in FILTERS - own and any(value.strip() for value in values):
                inside.setlist(name, values)
        return inside

    def _together_with(self, own: dict[str, str]) -> QueryDict:
        query = QueryDict(mutable=True)
        query.update(own)
        query.update(self.inside)
        return query

    # --- what is shown ------------------------------------------------------------------------------

    def _counted(self, question: Question) -> dict[str, list[Named]]:
        """What stands under each facet in the agreements found, also where the question asks for it."""
        within = replace(question, asked=frozenset({"profile"}))
        # The same agreements: what is known of them need not be counted again.
        within.__dict__["in_sample"] = question.in_sample
        counted = facets_of(within, self.facets)
        for facet, chosen in self.belonging().items():
            kept = set(chosen([one.value for one in counted[facet]]))
            counted[facet] = [one for one in counted[facet] if one.value in kept]
        return {facet: named(facet, values, self.user) for facet, values in counted.items()}

    def _lead(self, facet: str) -> Callable[[Named], str]:
        """Return what says where a value leads: to its list, or to its page where no list can ask for it."""
        chosen = {str(key) for key in self.filters.form.cleaned_data.get(facet) or ()}
        page = _PAGES.get(facet)

        def lead(one: Named) -> str:
            if not chosen or one.key in chosen:
                return self._listed(replaced(self.query, facet, one.value))
            return reverse(f"partnerships:{page}-detail", args=[one.value]) if page else ""

        return lead

    def _listed(self, query: QueryDict) -> str:
        return with_query(reverse("partnerships:agreement-list"), query)

    def _form(self, counted: dict[str, list[Named]]) -> dict:
        """The form that narrows the page, and what was set in it.

        Args:
            counted: the facets of the page, as they stand under all filters.
        """
        controls = [one for one in controls_of(self.filters, {}) if one.name not in self.asked()]
        records = records_of_identifiers(self.filters, self.inside) if self.filters.is_valid() else {}
        for control in controls:
            if control.name in records:
                choose(control, records[control.name])
        offered = [one for one in controls if one.name in self.facets and one.name in COUNTED]
        for control in offered:
            control.is_open = True
        if self.filters.is_valid():
            known = {facet: values for facet, values in counted.items() if facet not in self.inside}
            count_choices(offered, self.filters.question, known)
        shown = [one for one in controls if _is_shown(one, offered)]
        return {
            "chips": chips_of(
                self.request.GET, [one for one in controls if one.name in self.inside], records
            ),
            "errors": errors_of(self.filters, controls),
            "notices": self._left_out(),
            "controls": shown,
            "kept": self._kept({one.name for one in shown}),
            "is_narrowed": bool(self.inside),
        }

    def _left_out(self) -> list[str]:
        """Say which parameters mean nothing here: the page's own filter cannot be asked twice."""
        return [
            _("“%(name)s” is not a filter of this page and was left out.") % {"name": name}
            for name in self.request.GET
            if name not in self.parameters and (name not in FILTERS or name in self.asked())
        ]

    def _kept(self, shown: set[str]) -> list[tuple[str, str]]:
        """What the form sends along, as none of its controls shows it."""
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            if name in self.parameters or name in self.inside.keys() - shown
            for value in values
        ]


def _is_shown(control: Control, offered: list[Control]) -> bool:
    """Whether the form has the control: the search, facets of the page with a choice, and what is wrong."""
    has_choices = control in offered and control.kind == "facet" and control.options
    return control.name == "q" or bool(control.errors or has_choices)
