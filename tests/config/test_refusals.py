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
    assert "<h1>Not saved</h1>" in words(response)
    assert "Nothing was changed." in words(response)
    assert "CSRF" not in words(response)


def test_who_is_locked_out_learns_for_how_long(client, settings) -> None:
    typed = {"username": "somebody", "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post(reverse("admin:login"), typed)
    assert response.status_code == 429
    assert "<h1>Too many attempts</h1>" in words(response)
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    assert f"Try again after {minutes} minutes" in words(response)
