"""The commands of the pages for integrators that write do what the pages say."""

import re
import shlex
from pathlib import Path

import pytest

from tests.factories import InstitutionFactory, make_public

from .test_writing import JSON, WRITE

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[3] / "docs" / "integrators"
API = "http://127.0.0.1:8000/api/v1"


def commands(page: str) -> list[list[str]]:
    """The curl commands of a page as words."""
    blocks = re.findall(r"```sh\n(.*?)```", (FOLDER / page).read_text(), re.DOTALL)
    text = "\n".join(blocks).replace("\\\n", " ").replace("$API", API)
    words, found = shlex.split(text), []
    for word in words:
        if word == "curl":
            found.append([])
        else:
            found[-1].append(word)
    return found


def perform(client, words: list[str]):
    """Send what a curl command would."""
    options = {"-X": ["GET"], "-H": [], "-d": [""]}
    address, left = "", iter(words)
    for word in left:
        if word in options:
            options[word].append(next(left))
        else:
            address = word
    headers = dict(header.split(": ", 1) for header in options["-H"])
    headers = {
        name: value for name, value in headers.items() if name not in ("Authorization", "Content-Type")
    }
    path = address.removeprefix("http://127.0.0.1:8000")
    method = options["-X"][-1].lower()
    if method == "get":
        return client.get(path, headers=headers)
    return getattr(client, method)(path, options["-d"][-1], content_type=JSON, headers=headers)


@pytest.mark.parametrize("page", ["writing.md", "matching.md"])
def test_every_command_is_answered(bearing, page):
    turing = InstitutionFactory(name="The Alan Turing Institute", ror_id="035dkdb55", country_id="GB")
    kaist = InstitutionFactory(name="KAIST", ror_id="05apxxy63", country_id="KR")
    name = "Korea Advanced Institute of Science and Technology"
    kaist.names.create(value=name, language="en")
    make_public(turing, kaist)
    client = bearing(*WRITE)
    answers = [perform(client, words) for words in commands(page)]
    assert len(answers) >= 2
    refused = [answer.content for answer in answers if answer.status_code >= 300]
    assert refused == []
    if page == "matching.md":
        assert answers[0].json()["chosen"] == kaist.uid
        assert answers[0].json()["candidates"][0]["score"] == 99
        assert answers[0].json()["candidates"][0]["reason"] == "its name in English, same country"
    else:
        assert "Idempotent-Replayed" not in answers[2].headers
        assert answers[-1].json()["outcome"] == "deleted"
