"""The map's geometry: against published values, and there and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.pictures.projection import HEIGHT, WIDTH, equal_earth, great_circle, on_globe, on_map
from partnerships.pictures.window import DEEPEST, Window
from partnerships.pictures.world import cut

#: The sphere with the surface of WGS 84, in metres.
AUTHALIC = 6371007.1809184747


def test_the_edges_of_the_world_are_where_others_have_them():
    # The limits of EPSG's Equal Earth on WGS 84, as PROJ and Cartopy give them.
    assert equal_earth(180, 0)[0] * AUTHALIC == pytest.approx(17243959.0622169, abs=0.01)
    assert equal_earth(0, 90)[1] * AUTHALIC == pytest.approx(8392927.59846645, abs=0.01)
    # Šavrič, Patterson and Jenny: twice as wide as high, about; poles are lines of 0.59 of the equator.
    width_of_height = WIDTH / HEIGHT
    assert width_of_height == pytest.approx(2.05458, abs=1e-5)
    assert equal_earth(180, 90)[0] / equal_earth(180, 0)[0] == pytest.approx(0.592, abs=1e-3)


@pytest.mark.parametrize(("latitude", "longitude"), [(0, 0), (37, 127), (-60, -150), (80, 30)])
def test_areas_keep_their_proportions(latitude, longitude):
    step = 0.01
    (a, _), (b, _) = equal_earth(longitude, latitude), equal_earth(longitude + step, latitude)
    (_, c), (_, d) = equal_earth(longitude, latitude - step / 2), equal_earth(longitude, latitude + step / 2)
    on_earth = math.radians(step) ** 2 * math.cos(math.radians(latitude))
    assert (b - a) * (d - c) == pytest.approx(on_earth, rel=1e-4)


@given(st.floats(-180, 180), st.floats(-89.9, 89.9))
def test_there_and_back(longitude, latitude):
    there = on_map(longitude, latitude)
    assert -1e-9 <= there[0] <= WIDTH + 1e-9 and -1e-9 <= there[1] <= HEIGHT + 1e-9
    assert on_globe(*there) == pytest.approx((longitude, latitude), abs=1e-6)


def test_beyond_the_edge_is_the_edge():
    assert on_globe(-50, HEIGHT / 2) == (-180, pytest.approx(0, abs=1e-9))
    assert on_globe(WIDTH / 2, HEIGHT + 90) == pytest.approx((0, -90), abs=1e-3)


def test_the_shortest_way():
    # Along the equator, and over the north from London to Seoul.
    assert [point[1] for point in great_circle((0, 0), (40, 0))] == pytest.approx([0] * 11)
    highest = max(latitude for _longitude, latitude in great_circle((-0.13, 51.5), (127, 37.5)))
    assert 60 < highest < 70
    # Across the meridian of 180°, and nowhere near the middle of the map.
    assert all(abs(longitude) > 110 for longitude, _ in great_circle((127, 37), (-118, 34)))
    assert great_circle((10, 10), (-170, -10)) == [(10, 10), (-170, -10)], "not determined"
    assert great_circle((5, 5), (5, 5)) == [(5, 5), (5, 5)]


def test_a_ring_across_the_edge_becomes_two():
    pieces = cut([(170, 60), (-170, 60), (-170, 70), (170, 70), (170, 60)])
    spans = sorted((min(x for x, _ in piece), max(x for x, _ in piece)) for piece in pieces)
    assert spans == [(-180, -170), (170, 180)]


def test_a_ring_about_the_pole_holds_it():
    (piece,) = cut([(-180, -70), (-90, -75), (0, -70), (90, -75), (180, -70), (-180, -70)])
    assert min(latitude for _, latitude in piece) == -90


@given(st.floats(-180, 180), st.floats(-80, 80), st.integers(0, DEEPEST))
def test_a_window_stays_on_the_map_and_can_be_named(longitude, latitude, zoom):
    window = Window(round(longitude, 3), round(latitude, 3), zoom).centred()
    left, top, right, bottom = window.box
    assert left >= 0 and top >= 0 and right <= WIDTH + 1e-6 and bottom <= HEIGHT + 1e-6
    named = Window.parse(str(window)).centred()
    assert named.zoom == zoom
    assert named.middle == pytest.approx(window.middle, abs=0.05)
    for beside in (window.nearer(), window.farther(), window.moved(0.5, 0), window.moved(0, -0.5)):
        assert beside is None or Window.parse(str(beside)) == beside


def test_the_middle_of_a_window_stands_upright():
    window = Window(127, 37, 5)
    (x, _), (north, _) = (
        window.upright(*on_map(127, 37)),
        window.upright(*on_map(127, 37.5)),
    )
    assert north - x == pytest.approx(0, abs=window.width / 1000)
    assert window.holds(*on_map(127, 37)) and not window.holds(*on_map(100, 37))


NOWHERE = ["", "1,2", "1,2,3,4", "a,b,c", "181,0,1", "0,91,1", "0,0,99", "nan,0,1", "0,0,-1"]


@pytest.mark.parametrize("text", NOWHERE)
def test_what_is_no_window(text):
    with pytest.raises(ValueError):
        Window.parse(text)
