"""The style guide of developers, ``/styleguide/``: every token and every component, in all its states.

It stands where ``DEBUG`` is on, and shows stand-ins only: nothing of the registry.
"""

import re
from pathlib import Path
from types import SimpleNamespace as Some
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from partnerships.choices import AgreementType, Status
from partnerships.partial_dates import PartialDate

from .pages import PublicPage

_GROUP = re.compile(r"/\*\s*(?P<heading>[^*]+?)\s*\*/|--(?P<name>[a-z0-9-]+):\s*(?P<value>[^;]+);")


class Token(NamedTuple):
    name: str
    value: str

    @property
    def is_colour(self) -> bool:
        return self.value.startswith("#")


def tokens() -> list[tuple[str, list[Token]]]:
    """Return the tokens of the light theme in the groups in which ``tokens.css`` writes them."""
    text = Path(finders.find("entente/tokens.css")).read_text(encoding="utf-8")
    block = text[text.index(":root {") : text.index("\n}\n")]
    groups: list[tuple[str, list[Token]]] = []
    for found in _GROUP.finditer(block):
        if heading := found["heading"]:
            groups.append((heading, []))
        else:
            groups[-1][1].append(Token(found["name"], " ".join(found["value"].split())))
    return [group for group in groups if group[1]]


def _party(name: str, city: str = "", country: str = "") -> Some:
    institution = _Named(name=name, uid="example", city=city, region="", country=country)
    return Some(institution=institution)


class _Named(Some):
    def __str__(self) -> str:
        return self.name


def _agreement(title: str, parties: list, **facts) -> Some:
    known = {
        "uid": "example",
        "title": title,
        "parties": Some(all=parties),
        "type": AgreementType.MEMORANDUM_OF_UNDERSTANDING,
        "status": Status.SIGNED,
        "signed_on": PartialDate.parse("2024-05"),
        "announced_on": None,
        "is_public": True,
        "current_end_kind": "",
        "current_ends_on": None,
    }
    return Some(**known | facts)


KAIST = _party("Korea Advanced Institute of Science and Technology", "Daejeon", "South Korea")
TURING = _party("The Alan Turing Institute", "London", "United Kingdom")
OTHERS = [_party(f"University of Exampleton {number}", "", "Portugal") for number in range(1, 7)]
HOSTILE = _party("<script>alert(1)</script> " + "Donaudampfschifffahrtsgesellschaft" * 3, "", "Österreich")
RTL = _party("جامعة الملك عبد الله للعلوم والتقنية", "", "المملكة العربية السعودية")
SAMPLES = [
    _agreement("Memorandum of understanding on artificial intelligence", [TURING, KAIST]),
    _agreement("Of which little is known", [KAIST], signed_on=None, status=Status.UNKNOWN),
    _agreement("한국과학기술원과 앨런튜링연구소의 업무협약", [KAIST, TURING, RTL], status=Status.ENDING_SOON),
    _agreement("A consortium of many", [TURING, KAIST, *OTHERS], status=Status.TERMINATED),
    _agreement("H" * 120, [HOSTILE, RTL], status=Status.ENDED),
    _agreement(
        "Seen by staff alone", [TURING, RTL], is_public=False, status=Status.ANNOUNCED, signed_on=None,
        announced_on=PartialDate.parse("2024"), get_publication_state_display="Draft",
        get_visibility_display="Internal",
    ),
]  # fmt: skip


class Styleguide(PublicPage):
    template_name = "partnerships/styleguide.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404("The style guide is for developers.")
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            tokens=tokens(),
            samples=SAMPLES,
            statuses=[status.value for status in Status],
            chips=[
                Some(label="Country", words="South Korea", address="?", is_wrong=False),
                Some(label="Signed after", words="31 February", address="?", is_wrong=True),
            ],
            errors=[Some(label="Signed after", message="31 February is no date.", target="types")],
            page=Paginator(range(90), 10).page(2),
            **kwargs,
        )
