"""The map: held against counting one by one, whoever looks."""

from collections import Counter
from itertools import combinations, pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from partnerships.models import Agreement, Institution
from partnerships.pictures import places as module
from partnerships.pictures.atlas import STEPS, atlas, bounds
from partnerships.pictures.clusters import clustered
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import narrowed_to
from partnerships.pictures.places import places
from partnerships.pictures.ramp import step_of
from partnerships.pictures.window import Window
from partnerships.search.answers import Count
from partnerships.views.explore.map import map_of
from tests.factories import AgreementFactory, InstitutionFactory, publish_now
from tests.partnerships.pictures.registry import SCOPES, filters, furnish, ids_drawn, listed

pytestmark = pytest.mark.django_db

TOWNS = {
    "Seoul": ("KR", 126.98, 37.57),
    "Daejeon": ("KR", 127.38, 36.35),
    "London": ("GB", -0.13, 51.51),
    "Auckland": ("NZ", 174.76, -36.85),
    "Suva": ("FJ", 178.44, -18.14),
}
NOBODY = AnonymousUser()


def institution(town: str, **facts) -> Institution:
    country, longitude, latitude = TOWNS[town]
    where = {"longitude": longitude, "latitude": latitude, "city": town, "country_id": country}
    return InstitutionFactory(**(where | facts))


def joined(*parties, **facts) -> Agreement:
    record = AgreementFactory(parties=list(parties), **facts)
    publish_now(record)
    return record


def asked(query: str = "", user=NOBODY):
    return filters(query, user).question


def by_town(found) -> dict[str, tuple[int, int]]:
    return {place.name: (len(place.sites), place.number) for place in found.places}


def settle() -> None:
    """Give the institutions of the registry places: by turns a town, every fourth none."""
    towns = [*TOWNS.values(), None]
    for number, row in enumerate(Institution.objects.order_by("pk")):
        if place := towns[number % len(towns)]:
            row.longitude, row.latitude = place[1:]
            row.save()


@pytest.mark.parametrize("scope", SCOPES)
def test_numbers_are_those_of_counting_one_by_one(scope):
    user = furnish()[scope]
    settle()
    for query in ("", "country=KR", "type=exchange", "together=GB,FR", "year=2019"):
        found = places(asked(query, user))
        rows = asked(query, user).cards().values_list("agreement", flat=True)
        agreements = Agreement.objects.filter(pk__in=list(rows)).prefetch_related("parties__institution")
        here, pairs, sites = Counter(), Counter(), {}
        for agreement in agreements:
            points = set()
            for party in agreement.parties.all():
                one = party.institution
                sites[one.pk] = (one.longitude, one.latitude)
                if one.longitude is not None:
                    points.add((one.longitude, one.latitude))
            here.update(points)
            pairs.update(combinations(sorted(points), 2))
        assert {(one.longitude, one.latitude): one.number for one in found.places} == here, query
        assert found.unplaced == sum(place == (None, None) for place in sites.values())
        assert sum(len(one.sites) for one in found.places) == len(sites) - found.unplaced
        shown = clustered(found, Window())
        lines = {
            tuple(sorted((end.seed.longitude, end.seed.latitude) for end in (line.one, line.other))): line
            for line in clustered(found, Window(), lines=999).lines
        }
        alone = {pair: line for pair, line in lines.items() if len(line.one.places + line.other.places) == 2}
        assert all(pairs[pair] == line.count.value for pair, line in alone.items())
        assert sum(len(one.places) for one in shown.clusters) == len(found.places)
        # A country's number is that of the list that it leads to, and none is left out.
        for code, count in found.countries.items():
            narrowed = narrowed_to(QueryDict(query), DIMENSIONS["country"], code)
            assert count == Count.exact(listed(narrowed, user)), (query, code)
        assert set(found.countries) == {
            party.institution.country_id for one in agreements for party in one.parties.all()
        } - {None}


def test_an_internal_agreement_is_on_no_strangers_map():
    joined(institution("Seoul"), institution("London"))
    joined(institution("Auckland", name="Secret"), institution("London"), visibility="internal")
    assert by_town(places(asked())) == {"Seoul": (1, 1), "London": (1, 1)}


def test_near_places_share_a_circle_until_one_zooms_in():
    seoul, daejeon, london = institution("Seoul"), institution("Daejeon"), institution("London")
    joined(seoul, daejeon, london)
    joined(seoul, daejeon)
    found = places(asked())
    far = clustered(found, Window())
    assert [(one.seed.name, len(one.places), one.number) for one in far.clusters] == [
        ("Seoul", 2, 2),
        ("London", 1, 1),
    ]
    assert [line.count.value for line in far.lines] == [1], "of three places two are one circle"
    assert far.within.value == 1
    near = clustered(found, Window(127, 37, 6))
    assert {one.seed.name for one in near.clusters} == {"Seoul", "Daejeon"}
    assert (near.outside, near.within.value) == (1, 0)
    assert sorted(line.count.value for line in near.lines) == [1, 1, 2], "a line may lead out of the window"


def test_institutions_of_one_town_are_one_place_and_the_busiest_stands_first():
    busy, quiet = institution("Seoul", name="Busy"), institution("Seoul", name="Another")
    london = institution("London")
    joined(busy, london)
    joined(busy, quiet)
    found = places(asked())
    assert [site.name for site in found.places[0].sites] == ["Busy", "Another"]
    assert by_town(found) == {"Seoul": (2, 2), "London": (1, 1)}


def test_what_has_no_known_place_is_told():
    joined(institution("Seoul"), institution("London", longitude=None, latitude=None))
    drawing = atlas(asked())
    assert drawing.found.unplaced == 1
    assert drawing.found.countries.keys() == {"KR", "GB"}
    assert (drawing.shown.within.value, drawing.strokes) == (1, [])


def test_only_the_strongest_lines_are_drawn():
    towns = [institution(name) for name in TOWNS]
    joined(*towns)
    joined(towns[0], towns[2])
    window = Window()
    shown = clustered(places(asked()), window, lines=1)
    ((line, *none), more) = shown.lines, shown.more_lines
    assert none == [] and line.count.value == 2 and more > 1


def test_a_line_across_the_edge_is_taken_up_on_the_other_side():
    joined(institution("Auckland"), institution("London", longitude=-150.0, latitude=-17.5, country_id="PF"))
    (stroke,) = atlas(asked()).strokes
    assert stroke.path.count("M") == 2


def test_an_empty_registry_is_an_empty_map():
    drawing = atlas(asked())
    assert (drawing.circles, drawing.strokes, drawing.found.countries) == ([], [], {})
    shown = map_of(asked(), query=QueryDict(""))
    assert shown["steps"] == [] and shown["institutions"] == []


def test_without_shapes_the_rest_is_drawn(settings, tmp_path):
    settings.BROWSER_PACKAGES = tmp_path
    joined(institution("Seoul"), institution("London"))
    drawing = atlas(asked(), Window(127, 37, 5))
    assert not drawing.has_lands and len(drawing.circles) == 1


def test_very_many_are_drawn_from_a_sample(monkeypatch):
    """The numbers are then estimates; countries are exact where nothing is asked."""
    seoul, london = institution("Seoul"), institution("London")
    for key in ids_drawn("hashint8(id) & 15 = 0", 3):
        AgreementFactory(id=key, parties=[seoul, london], published=True)
    monkeypatch.setattr("partnerships.search.samples.COUNTED", 2)
    found = places(asked("country=KR&country=GB"))
    assert found.share == 16 and not found.is_exact
    assert found.places[0].number == 3
    assert found.countries["GB"] == Count.estimated(3, share=16)


@pytest.mark.parametrize("highest", [1, 2, 3, 7, 50, 1234])
def test_the_key_names_every_number_once(highest):
    named = bounds(highest)
    assert named[0][1] == 1 and named[-1][2] == highest
    for (_, _, last), (_, first, _) in pairwise(named):
        assert first == last + 1
    for name, first, last in named:
        assert step_of(first, highest, STEPS) == step_of(last, highest, STEPS) == name
    assert step_of(0, highest, STEPS) == 0


def test_a_part_with_few_institutions_is_asked_for_by_itself(monkeypatch):
    seoul, daejeon, london = institution("Seoul"), institution("Daejeon"), institution("London")
    for key in ids_drawn("hashint8(id) & 15 = 0", 3):
        AgreementFactory(id=key, parties=[london, institution("London")], published=True)
    joined(seoul, daejeon)
    monkeypatch.setattr(module, "drawn", drawn_with(2))
    found = places(asked(), Window(127, 37, 6))
    assert found.is_exact and not found.counted.is_exact
    assert by_town(found) == {"Seoul": (1, 1), "Daejeon": (1, 1)}


def drawn_with(few: int):
    from partnerships.models import IndexCard, SampledCard
    from partnerships.search.samples import Drawn

    def drawn(question, enough=0):
        if question.cards().count() <= few:
            return Drawn(question.cards(IndexCard), 1)
        return Drawn(question.cards(SampledCard), 16)

    return drawn
