"""Every command of the page about harvesting does what the page says."""

import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from partnerships.api import forms
from partnerships.api.oai.formats import FORMATS
from tests.partnerships.views.records import full_agreement

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[3] / "docs/integrators/harvesting.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def sent(command: str):
    """The answer to a ``curl`` command."""
    words = shlex.split(command)
    assert words.pop(0) == "curl"
    headers, data, follow = {}, None, False
    while words and words[0].startswith("-"):
        option = words.pop(0)
        follow = follow or "L" in option
        if option == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif option == "-d":
            data = words.pop(0)
    [address] = words
    path = address.removeprefix("http://127.0.0.1:8000")
    if data is None:
        return Client().get(path, headers=headers, follow=follow)
    return Client().post(path, data, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_work(command):
    full_agreement(effective_from="2020", end_kind="open_ended")
    response = sent(command)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200 and body and b"<error" not in body


def test_every_format_stands_there():
    text = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", text))
    assert {f"format={forms.RisRenderer.format}", "bibtex", "csl"} <= named
    assert set(FORMATS) <= named
