"""Spans: what is known of an agreement's time is drawn, and what is not known as not known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.models import Agreement
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.spans import timeline
from tests.factories import FocusAreaFactory
from tests.partnerships.pictures.registry import agreement

pytestmark = pytest.mark.django_db


def drawn(by: str = ""):
    rows = Agreement.objects.for_list(None).order_by("pk")
    return timeline(rows, DIMENSIONS[by] if by else None)


def kinds(**facts) -> list[str]:
    agreement("KR GB", [], **facts)
    [span] = drawn().spans
    return [piece.kind for piece in span.pieces]


def test_a_year_is_a_stretch_in_which_it_began():
    assert kinds(effective_from="2015", end_kind="date", ends_on="2018-05-31") == ["maybe", "force"]
    [span] = drawn().spans
    axis = drawn().axis
    began, in_force = span.pieces
    assert began.start == axis.at(Agreement.objects.get().effective_from.first_day)
    assert began.stop == in_force.start == axis.at(Agreement.objects.get().effective_from.day_after)


def test_a_known_day_is_no_stretch():
    assert kinds(effective_from="2015-03-01", end_kind="date", ends_on="2018-05-31") == ["force"]


def test_an_end_to_come_is_planned_and_a_month_is_a_stretch():
    end = (timezone.localdate() + timedelta(days=400)).strftime("%Y-%m")
    found = kinds(effective_from="2015-03-01", end_kind="date", ends_on=end)
    assert found == ["force", "planned", "maybe"]


def test_no_end_is_open_or_unknown_and_never_a_date():
    assert kinds(effective_from="2015-03-01", end_kind="open_ended") == ["force", "open"]
    [span] = drawn().spans
    assert span.marks[-1].kind == "open"


def test_an_end_that_nobody_states_is_unknown():
    assert kinds(signed_on="2015-03-01") == ["signed", "unknown"]
    [span] = drawn().spans
    assert [mark.kind for mark in span.marks] == ["signed", "unknown"]
    assert "no end" in span.words or "nor an end" in span.words


def test_a_beginning_that_nobody_states_is_unknown():
    assert kinds(end_kind="date", ends_on="2019-01-01")[0] == "unknown"


def test_nothing_known_draws_nothing():
    assert kinds() == []
    assert "no date" in drawn().spans[0].words


def test_a_termination_is_the_end():
    facts = {"effective_from": "2015-03-01", "end_kind": "date", "ends_on": "2030-01-01"}
    assert kinds(**facts, terminated_on="2018-06-01") == ["force"]
    axis, [span] = drawn().axis, drawn().spans
    assert span.pieces[-1].stop == axis.at(Agreement.objects.get().terminated_on.first_day)
    assert span.is_over


def test_the_axis_is_cut_where_dates_lie_far_away():
    this_year = timezone.localdate().year
    agreement("KR GB", [], effective_from="1400", end_kind="date", ends_on="2900")
    axis, [span] = drawn().axis, drawn().spans
    assert (axis.first, axis.last) == (this_year - 60, this_year + 25)
    assert {"earlier", "later"} <= {mark.kind for mark in span.marks}
    assert all(0 <= piece.start <= piece.stop <= 100 for piece in span.pieces)


def test_an_agreement_stands_in_each_of_its_groups():
    subject = FocusAreaFactory(name="Quantum")
    agreement("KR GB", [subject], signed_on="2020")
    agreement("KR FR", [], signed_on="2021")
    assert [(one.value, len(one.spans)) for one in drawn("country").groups] == [
        ("KR", 2),
        ("FR", 1),
        ("GB", 1),
    ]
    assert [(one.name, len(one.spans)) for one in drawn("subject").groups] == [("Quantum", 1), ("", 1)]
    assert len(drawn("institution").groups) == 4
    assert len(drawn("country").spans) == 2
