"""What all pictures share: the question of the list, its errors, the table behind the picture, the files."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.filtersets import AgreementFilterSet
from partnerships.filtersets.reading import Misread, Stretch
from partnerships.pictures.narrowing import PARAMETERS, asked_of_list
from partnerships.search.answers import CardList, Count
from partnerships.services.tables import Column, csv_pieces
from partnerships.views.agreements import AgreementList
from partnerships.views.pages import PublicPage
from partnerships.views.queries import address, with_query

#: Every picture by the name in its address: what it is called, and what it answers.
PICTURES = {
    "map": (gettext_lazy("Map"), gettext_lazy("Where the partners are, and who is joined to whom.")),
    "network": (
        gettext_lazy("Network"),
        gettext_lazy("Who works with whom, in which groups, and who stands between them."),
    ),
    "timeline": (
        gettext_lazy("Timeline"),
        gettext_lazy("Since when and until when agreements hold, and what ends next."),
    ),
    "matrix": (
        gettext_lazy("Matrix"),
        gettext_lazy("How many agreements join two countries, or fall on a subject and a year."),
    ),
    "trends": (
        gettext_lazy("Trends"),
        gettext_lazy("What is signed and what ends year by year, and how much is in force."),
    ),
}


class PictureFilterSet(AgreementFilterSet):
    """The questions of the list, beside parameters that say how a picture is drawn."""

    @property
    def unknown_parameters(self) -> list[str]:
        return [name for name in super().unknown_parameters if name not in PARAMETERS]


@dataclass
class Table:
    """What a picture shows, in rows.

    Args:
        columns: headings, by the key under which a row has its value; the first column heads the row.
        notes: facts about all rows, for the JSON file.
    """

    columns: dict[str, str]
    rows: list[dict[str, Any]]
    notes: dict[str, Any] = field(default_factory=dict)


def numbers_of(count: Count) -> dict[str, int]:
    """The columns of a number of agreements, with what the true one lies between where it is estimated."""
    return {"agreements": count.value, "low": count.low, "high": count.high}


class Picture(AgreementList):
    """A picture of the agreements that a query string finds.

    A subclass gives ``picture`` (what the template shows) and ``table`` (what the files hold).
    """

    filterset_class = PictureFilterSet
    section = "explore"
    #: The name in the address.
    slug: str
    orders = ()
    #: Closed lists of the picture's own parameters: values and their words, the first where none is given.
    choices: dict[str, dict[str, str]] = {}

    def get(self, request: HttpRequest, form: str = "") -> HttpResponse:
        return self._file(request, form) if form else super().get(request)

    def page_of(self, rows: CardList) -> Stretch:
        """Read the picture's own parameters; it has no pages."""
        self.read_choices()
        return Stretch([], count=rows.count())

    def read_choices(self) -> None:
        """Set ``chosen_<parameter>`` for each of the picture's own.

        Raises:
            Misread: a value is none of the list.
        """
        self.drawn_by = {}
        for name, values in self.choices.items():
            value = self.request.GET.get(name, "") or next(iter(values))
            if value not in values:
                known = ", ".join(one for one in values if one)
                raise Misread(name, _("Choose one of: %(values)s.") % {"values": known}, "invalid")
            self.drawn_by[name] = value

    def get_context_data(self, *, questions: PictureFilterSet, **kwargs) -> dict:
        context = super().get_context_data(questions=questions, **kwargs)
        context |= {
            "pictures": pictures(self.request.GET, self.slug),
            "kept": [(name, value) for name in PARAMETERS if (value := self.request.GET.get(name))],
        }
        if context["errors"] or not context["page"].count:
            return context
        asked = self.asked(questions)
        return context | {
            "picture": self.picture(questions, context["rows"]),
            "switches": self.switches(),
            "as_list": reverse("partnerships:agreement-list") + address(asked),
            "files": {form: self.file_address(form) for form in ("csv", "json")},
        }

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        """What the template shows.

        Args:
            rows: the agreements of this page, for a picture that has pages.
        """
        raise NotImplementedError

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        """What the picture shows, as rows for the files."""
        raise NotImplementedError

    def asked(self, questions: PictureFilterSet) -> QueryDict:
        """The query of the list that finds the same agreements."""
        asked = asked_of_list(self.request.GET)
        if questions.correction:
            asked["q"] = questions.correction.text
        return asked

    def listed(self, query: QueryDict) -> str:
        """The address of the list that answers ``query``."""
        return f"{reverse('partnerships:agreement-list')}?{query.urlencode()}"

    def switches(self) -> list[dict]:
        """The picture's own parameters as rows of links, each with its words."""
        return [
            {"name": name, "label": self.labels[name], "links": list(self.links(name, list(values.items())))}
            for name, values in self.choices.items()
        ]

    #: Words before the links of each own parameter.
    labels: dict[str, str] = {}

    # --- files ------------------------------------------------------------------------------------

    def file_address(self, form: str) -> str:
        path = reverse(f"partnerships:explore-{self.slug}-file", kwargs={"form": form})
        return with_query(path, self.request.GET)

    def _file(self, request: HttpRequest, form: str) -> HttpResponse:
        questions = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        if not questions.is_valid():
            faults = [f"{name}: {' '.join(words)}" for name, words in questions.form.errors.items()]
            return _refused(faults)
        try:
            page = self.page_of(questions.result)
        except Misread as error:
            return _refused([f"{error.field}: {error.message}"])
        table = self.table(questions, page.rows)
        name = f"entente-{self.slug}.{form}"
        if form == "json":
            response = JsonResponse(
                {"question": self.asked(questions).urlencode(), **table.notes, "rows": table.rows}
            )
        else:
            columns = [Column(heading, key) for key, heading in table.columns.items()]
            response = StreamingHttpResponse(
                csv_pieces(table.rows, columns), content_type="text/csv; charset=utf-8"
            )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class Overview(PublicPage):
    """The way to every picture."""

    section = "explore"
    template_name = "partnerships/explore/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(pictures=pictures(request.GET)))


def pictures(query: QueryDict, current: str = "") -> list[dict]:
    """The pictures, with the same question asked of each."""
    asked = asked_of_list(query)
    return [
        {
            "name": name,
            "words": words,
            "answers": answers,
            "address": with_query(reverse(f"partnerships:explore-{name}"), asked),
            "is_current": name == current,
        }
        for name, (words, answers) in PICTURES.items()
    ]


def _refused(faults: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(faults) + "\n", status=400, content_type="text/plain; charset=utf-8")
