"""What is told to people whom the machinery turns away: in the house's look, with a way on."""

import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_form_without_its_mark_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "a"})
    assert response.status_code == 403
    assert "<h1> Not saved </h1>" in words(response)
    assert "Nothing was changed." in words(response)
    assert "CSRF" not in words(response)
    assert "/ko/admin/" not in words(response), "the admin has one address"


def test_who_is_locked_out_learns_for_how_long(client, settings) -> None:
    typed = {"username": "somebody", "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post(reverse("admin:login"), typed)
    assert response.status_code == 429
    assert "<h1> Too many attempts </h1>" in words(response)
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    assert f"Try again after {minutes} minutes" in words(response)


def test_a_form_sent_after_the_session_ended_comes_back_with_everything_typed(client) -> None:
    typed = {"title": "<b>Kept & whole</b>", "summary": "\nfirst\nsecond", "new_password": "secret words"}
    response = client.post("/admin/partnerships/agreement/add/?a=1", typed)
    assert response.status_code == 403
    page = response.content.decode()
    assert 'name="title"' in page
    assert "&lt;b&gt;Kept &amp; whole&lt;/b&gt;</textarea>" in page
    assert "\n\nfirst\nsecond</textarea>" in page, "the first line break belongs to the element"
    assert "secret words" not in page
    assert 'action="/admin/partnerships/agreement/add/?a=1"' in page


def test_a_form_of_a_stranger_is_not_held(client) -> None:
    client.handler.enforce_csrf_checks = True
    response = client.post("/admin/partnerships/agreement/add/", {"title": "A stranger's"})
    assert response.status_code == 403
    assert "stranger" not in response.content.decode()


def test_who_asks_for_a_page_signs_in_as_ever(client) -> None:
    response = client.get("/admin/partnerships/agreement/add/")
    assert response.status_code == 302
    assert "login" in response.url
