"""/explore/network/: who works with whom, in which groups, and who stands between them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.filtersets.reading import Misread
from partnerships.models import Country, Institution
from partnerships.pictures.links import COUNTRIES, INSTITUTIONS, SIZES, TOPMOST
from partnerships.pictures.network import MEASURES, Network, Node, kept_network
from partnerships.pictures.placing import HEIGHT, WIDTH
from partnerships.querysets.institutions import topmost
from partnerships.views.queries import address, replaced, without

from .drawn_network import drawing, page_of, series, shape_of, title_of, width_of
from .frame import Picture, PictureFilterSet, Table, numbers_of

#: Rows of the table of links in JSON stand as lists; the files of CSV hold one of the two tables.
_OF = {"nodes": gettext_lazy("Nodes"), "links": gettext_lazy("Links")}


class NetworkPage(Picture):
    slug = "network"
    template_name = "partnerships/explore/network.html"
    heading = gettext_lazy("Network")
    lead = gettext_lazy("Who works with whom, in which groups, and who stands between them.")
    choices = {
        "nodes": {"institutions": INSTITUTIONS.many, "countries": COUNTRIES.many},
        "units": {"": gettext_lazy("by themselves"), "parent": gettext_lazy("with what stands above them")},
        "size": {str(size): f"{size:,}" for size in SIZES},
        "measure": {name: words for name, (words, _meaning) in MEASURES.items()},
        "depth": {"1": "1", "2": "2", "3": "3"},
        "of": _OF,
    }
    labels = {
        "nodes": gettext_lazy("Between"),
        "units": gettext_lazy("Sub-units count"),
        "size": gettext_lazy("Drawn at most"),
        "measure": gettext_lazy("Sized by"),
        "depth": gettext_lazy("Links away"),
        "of": gettext_lazy("Rows"),
    }

    def read_choices(self) -> None:
        super().read_choices()
        if self.drawn_by["nodes"] == "countries":
            self.kind = COUNTRIES
        else:
            self.kind = TOPMOST if self.drawn_by["units"] else INSTITUTIONS
        self.middle = self._middle(self.request.GET.get("around", "").strip())

    def _middle(self, text: str) -> str:
        """The key of the node that the network is drawn around; empty where none is asked for.

        Raises:
            Misread: this visitor knows no such institution or country.
        """
        if not text:
            return ""
        if self.kind is COUNTRIES:
            code = text.upper().replace("\x00", "")
            found = Country.objects.visible_to(self.user).filter(code=code).first()
            key = found.code if found else ""
        else:
            rows = Institution.objects.visible_to(self.user)
            found = None if "\x00" in text else rows.by_identifier(text).first()
            keys = topmost([found.pk]) if found and self.kind is TOPMOST else [found.pk] if found else []
            key = str(keys[0]) if keys else ""
        if not key:
            shown = {"text": text.replace("\x00", "")}
            if self.kind is COUNTRIES:
                raise Misread("around", _("“%(text)s” is no country known here.") % shown, "unknown")
            raise Misread("around", _("“%(text)s” is no institution known here.") % shown, "unknown")
        return key

    def switches(self) -> list[dict]:
        """Without those that say nothing of what is drawn now."""
        idle = {"of"}
        if self.kind is COUNTRIES:
            idle.add("units")
        if not self.middle:
            idle.add("depth")
        return [switch for switch in super().switches() if switch["name"] not in idle]

    def network(self, questions: PictureFilterSet) -> Network:
        return kept_network(
            questions.question,
            self.kind,
            size=int(self.drawn_by["size"]),
            middle=self.middle,
            depth=int(self.drawn_by["depth"]),
            measure=self.drawn_by["measure"],
        )

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        found = self.network(questions)
        drawn = drawing(found, listed=self.listed, asked=self.asked(questions), own=self.around)
        middle = next((node for node in found.nodes if node.distance == 0), None)
        return drawn | {
            "measures": [
                {"name": name, "words": words, "meaning": meaning, "is_current": name == found.measure}
                for name, (words, meaning) in MEASURES.items()
            ],
            "middle": middle,
            "depth": int(self.drawn_by["depth"]),
            "whole": address(without(without(self.request.GET, "around"), "depth")),
            "links_csv": self._other_table("csv"),
            "json": self.file_address("json"),
        }

    def around(self, node: Node) -> str:
        """This picture around ``node``."""
        return address(replaced(self.request.GET, "around", node.value))

    def _other_table(self, form: str) -> str:
        return f"{self.file_address(form).split('?')[0]}{address(replaced(self.request.GET, 'of', 'links'))}"

    # --- files ------------------------------------------------------------------------------------

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        found = self.network(questions)
        if self.drawn_by["of"] == "links":
            return _table_of_links(found)
        columns = {
            "id": _("Id"),
            "name": _("Name"),
            "country": _("Country"),
            "agreements": _("Agreements"),
            "low": _("At least"),
            "high": _("At most"),
            **{name: str(MEASURES[name][0]) for name in ("partners", "pagerank", "betweenness")},
            "group": _("Group"),
            "distance": _("Links away"),
        }
        return Table(columns, [self._row_of(node, found) for node in found.nodes], _notes(found))

    def _row_of(self, node: Node, found: Network) -> dict:
        return {
            "id": node.value,
            "name": node.name,
            "country": node.country,
            **numbers_of(node.agreements),
            "partners": node.partners,
            "pagerank": round(node.pagerank, 6),
            "betweenness": None if node.betweenness is None else round(node.betweenness, 6),
            "group": None if node.group is None else node.group + 1,
            "distance": node.distance,
            "x": node.x,
            "y": node.y,
            "radius": node.radius,
            "series": series(node.group),
            "title": title_of(node),
            "address": page_of(node, found),
            "around": reverse("partnerships:explore-network") + self.around(node),
        }


def _notes(found: Network) -> dict:
    """What the JSON file tells beside the nodes: the links as lists of two places and a number."""
    highest = max((number.value for *_ends, number in found.links), default=1)
    return {
        "share": found.share,
        "nodes_left_out": found.left_out,
        "links_left_out": found.found.more_links,
        "width": WIDTH,
        "height": HEIGHT,
        "shapes": {series(group): shape_of(group) for group in (None, *range(8))},
        "groups": [
            {"group": group.number + 1, "name": group.name, "size": len(group.members)}
            for group in found.groups
        ],
        "links": [
            [one, other, number.value, width_of(number.value, highest)] for one, other, number in found.links
        ],
    }


def _table_of_links(found: Network) -> Table:
    columns = {
        "one": _("One"),
        "one_id": _("One (id)"),
        "other": _("Other"),
        "other_id": _("Other (id)"),
        "agreements": _("Agreements"),
        "low": _("At least"),
        "high": _("At most"),
    }
    rows = []
    for first, second, number in found.links:
        one, other = found.nodes[first], found.nodes[second]
        rows.append(
            {"one": one.name, "one_id": one.value, "other": other.name, "other_id": other.value}
            | numbers_of(number)
        )
    return Table(columns, rows, {"share": found.share})
