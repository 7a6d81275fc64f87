"""/explore/map/: where the partners are, and who is joined to whom; and the same map for other pages."""

from operator import attrgetter

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.filtersets.reading import Misread
from partnerships.models import Country
from partnerships.pictures.atlas import Atlas, atlas, bounds
from partnerships.pictures.clusters import LINES, Cluster, Line
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import asked_of_list, narrowed_to
from partnerships.pictures.window import DEEPEST, Window
from partnerships.pictures.world import sphere, window_of
from partnerships.querysets.readers_names import name_for_reader
from partnerships.search.answers import Question

from .frame import Picture, PictureFilterSet, Table, numbers_of

#: Rows of the page's tables of places and institutions; the files have all.
ROWS = 100
#: Share of the window by which an arrow moves it.
STEP = 0.5


class MapPage(Picture):
    slug = "map"
    template_name = "partnerships/explore/map.html"
    heading = gettext_lazy("Map")
    lead = gettext_lazy("Where the partners are, and which places their agreements join.")
    choices = {"lines": {"": gettext_lazy("The strongest"), "none": gettext_lazy("None")}}
    labels = {"lines": gettext_lazy("Lines")}

    def read_choices(self) -> None:
        super().read_choices()
        self.window = window_asked(self.request.GET)

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        return map_of(
            questions.question,
            query=self.request.GET,
            asked=self.asked(questions),
            window=self.window,
            lines=self._lines(),
        )

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        drawing = atlas(questions.question, self.window, lines=self._lines())
        found = [
            *_rows_of_countries(drawing),
            *_rows_of_places(drawing),
            *_rows_of_lines(drawing),
        ]
        headings = {
            "kind": _("What"),
            "name": _("Name"),
            "country": _("Country"),
            "longitude": _("Longitude"),
            "latitude": _("Latitude"),
            "other_name": _("Joined to"),
            "other_country": _("Its country"),
            "institutions": _("Institutions"),
            "agreements": _("Agreements"),
            "low": _("At least"),
            "high": _("At most"),
        }
        notes = {
            "total": drawing.found.total._asdict(),
            "share": drawing.found.share,
            "view": str(self.window),
            "without_place": drawing.found.unplaced,
        }
        return Table(headings, [{key: row.get(key, "") for key in headings} for row in found], notes)

    def _lines(self) -> int:
        return 0 if self.drawn_by["lines"] == "none" else LINES


def window_asked(query: QueryDict) -> Window:
    """The part of the map that ``view`` or ``at``, the code of a country, asks for; else the whole.

    Raises:
        Misread: it is no part of the map.
    """
    if text := query.get("view", "").strip():
        try:
            return Window.parse(text).centred()
        except ValueError as error:
            words = _("Write longitude, latitude and zoom (0 to %(most)s), for example 127,37.5,4.")
            raise Misread("view", words % {"most": DEEPEST}, "invalid") from error
    if code := query.get("at", "").strip().upper():
        window = window_of(code)
        if window is None and not (code.isalpha() and Country.objects.filter(code=code).exists()):
            raise Misread("at", _("Write the code of a country, two letters."), "invalid")
        return window or Window()
    return Window()


def map_of(
    question: Question,
    *,
    query: QueryDict,
    asked: QueryDict | None = None,
    window: Window | None = None,
    lines: int = LINES,
) -> dict:
    """What ``components/pictures/map.html`` shows, as ``map``.

    Args:
        question: the agreements; ``AgreementFilterSet(query, cards, user=…).question``.
        query: the query string that asks it.
        asked: that of the list, where it is another one.
        window: the part of the map that is shown.
        lines: how many lines are drawn at most.
    """
    drawing = atlas(question, window, lines=lines)
    return Shown(drawing, query, asked if asked is not None else asked_of_list(query)).as_dict()


class Shown:
    """A map with its addresses and the words for what it shows."""

    def __init__(self, drawing: Atlas, query: QueryDict, asked: QueryDict):
        self.drawing, self.asked = drawing, asked
        self.page = reverse("partnerships:explore-map")
        self.query = query.copy()
        for name in ("view", "at", "page", "cursor"):
            self.query.pop(name, None)
        codes = drawing.found.countries.keys() | {place.country for place in drawing.found.places}
        codes |= {land.shape.code for land in drawing.lands}
        rows = list(Country.objects.filter(code__in=codes - {""}))
        name_for_reader(rows)
        self.names = {row.code: str(row) for row in rows}

    def as_dict(self) -> dict:
        drawing = self.drawing
        counts = drawing.found.countries
        most = max((count.value for count in counts.values()), default=0)
        return {
            "drawing": drawing,
            "sphere": sphere(),
            "deepest": DEEPEST,
            "steps": bounds(most),
            "lands": [self._land(land) for land in drawing.lands],
            "circles": [self._circle(circle) for circle in drawing.circles],
            "strokes": [self._stroke(stroke) for stroke in drawing.strokes],
            "controls": self._controls(),
            "countries": self._countries(),
            "places": self._places(),
            "lines": [self._line(line) for line in drawing.shown.lines[:ROWS]],
            "more_places": max(0, len(drawing.circles) - ROWS),
            "more_rows_of_lines": max(0, len(drawing.shown.lines) - ROWS),
            "institutions": self._institutions(),
        }

    def address(self, window: Window | None = None, at: str = "", mark: str = "") -> str:
        query = self.query.copy()
        if at:
            query["at"] = at
        elif window and not window.is_whole:
            query["view"] = str(window)
        return f"{self.page}?{query.urlencode(safe=',')}{mark}"

    def country(self, code: str) -> str:
        return self.names.get(code, "")

    def place_name(self, cluster: Cluster) -> str:
        seed = cluster.seed
        country = self.country(seed.country)
        return f"{seed.name}, {country}" if country and country != seed.name else seed.name

    # --- parts of the drawing ------------------------------------------------------------------------

    def _land(self, land) -> dict:
        code = land.shape.code
        name = self.country(code) or land.shape.name
        where = self.address(at=code) if land.count.value else ""
        return {"land": land, "name": name, "address": where}

    def _circle(self, circle) -> dict:
        cluster = circle.cluster
        return {
            "circle": circle,
            "name": cluster.only.name if cluster.only else self.place_name(cluster),
            "address": self._address_of(cluster),
            "institutions": len(cluster.sites),
            "others": len(cluster.places) - 1,
        }

    def _address_of(self, cluster: Cluster) -> str:
        """One institution leads to its page, several to where they are told apart."""
        if cluster.only:
            return reverse("partnerships:institution-detail", kwargs={"uid": cluster.only.uid})
        seed = cluster.seed
        if len(cluster.places) == 1:
            return self.address(Window(seed.longitude, seed.latitude, DEEPEST), mark="#map-institutions")
        outermost = (pick(cluster.places, key=attrgetter(axis)) for pick in (min, max) for axis in ("x", "y"))
        window = Window.around((place.x, place.y) for place in outermost)
        zoom = min(DEEPEST, max(window.zoom, self.drawing.window.zoom + 1))
        return self.address(Window(window.longitude, window.latitude, zoom))

    def _stroke(self, stroke) -> dict:
        return {"stroke": stroke, **self._line(stroke.line)}

    def _line(self, line: Line) -> dict:
        one, other = sorted((line.one, line.other), key=lambda cluster: cluster.seed.sites[0].key)
        where = ""
        if one.only and other.only:
            uid = "-".join(sorted((one.only.uid, other.only.uid)))
            where = reverse("partnerships:partnership-detail", kwargs={"uid": uid})
        names = [end.only.name if end.only else self.place_name(end) for end in (one, other)]
        return {"one": names[0], "other": names[1], "count": line.count, "address": where}

    def _controls(self) -> list[dict]:
        """Ways to other windows, each with its sign; without an address where there is none."""
        window = self.drawing.window
        beside = (
            ("in", "+", _("Zoom in"), window.nearer()),
            ("out", "−", _("Zoom out"), window.farther()),
            ("left", "←", _("To the west"), window.moved(-STEP, 0)),
            ("up", "↑", _("To the north"), window.moved(0, -STEP)),
            ("down", "↓", _("To the south"), window.moved(0, STEP)),
            ("right", "→", _("To the east"), window.moved(STEP, 0)),
        )
        controls = [
            {"name": name, "sign": sign, "words": words, "address": self.address(to) if to else ""}
            for name, sign, words, to in beside
        ]
        whole = "" if window.is_whole else self.address()
        return [*controls, {"name": "whole", "sign": "⤢", "words": _("Whole map"), "address": whole}]

    # --- the tables ----------------------------------------------------------------------------------

    def _countries(self) -> list[dict]:
        listed = reverse("partnerships:agreement-list")
        return [
            {
                "name": self.country(code) or code,
                "count": count,
                "map": self.address(at=code),
                "address": f"{listed}?{narrowed_to(self.asked, DIMENSIONS['country'], code).urlencode()}",
            }
            for code, count in self.drawing.found.busiest_countries
        ]

    def _places(self) -> list[dict]:
        return [self._circle(circle) for circle in self.drawing.circles[:ROWS]]

    def _institutions(self) -> list[dict]:
        """The institutions in the window, those with most agreements first."""
        source = self.drawing.found.source
        sites = [site for one in self.drawing.shown.clusters for site in one.sites]
        sites.sort(key=lambda site: (-site.number, site.name, site.key))
        return [
            {
                "name": site.name,
                "place": ", ".join(filter(None, (site.city, self.country(site.country)))),
                "count": source.number(site.number),
                "address": reverse("partnerships:institution-detail", kwargs={"uid": site.uid}),
            }
            for site in sites[:ROWS]
        ]


def _rows_of_countries(drawing: Atlas) -> list[dict]:
    return [
        {"kind": "country", "name": code, "country": code, **numbers_of(count)}
        for code, count in drawing.found.busiest_countries
    ]


def _rows_of_places(drawing: Atlas) -> list[dict]:
    rows = []
    for place in drawing.found.places:
        if drawing.window.holds(place.x, place.y):
            where = {"longitude": place.longitude, "latitude": place.latitude}
            rows.append(
                {"kind": "place", "name": place.name, "country": place.country, **where}
                | {"institutions": len(place.sites), **numbers_of(drawing.found.source.number(place.number))}
            )
    return rows


def _rows_of_lines(drawing: Atlas) -> list[dict]:
    rows = []
    for line in drawing.shown.lines:
        one, other = line.one.seed, line.other.seed
        rows.append(
            {"kind": "line", "name": one.name, "country": one.country}
            | {"longitude": one.longitude, "latitude": one.latitude}
            | {"other_name": other.name, "other_country": other.country, **numbers_of(line.count)}
        )
    return rows
