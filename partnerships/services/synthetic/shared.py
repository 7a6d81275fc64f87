"""What synthetic agreements share: subjects, events, persons, institutions, all of them invented."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from partnerships.choices import InstitutionState, LinkKind, NameKind
from people.access import Disclosure
from people.models import PersonName

from .dates import Dates
from .marks import OPENING, SUFFIX, synthetic_uid
from .tables import line, listed
from .words import Vocabulary

TOP_SUBJECTS, SUBJECTS_BELOW = 20, 14
PERSON = "Synthetic Person"
#: The frequent ones first.
_COUNTRIES = (
    "US GB CN DE FR JP KR IN CA AU IT ES NL SE CH BR ZA SG TR RU "
    "PL GR EG SA MX NO FI DK BE AT IE NZ PT KE NG VN TH MY ID CL"
)
_KINDS = [
    ("University of {}", "education"), ("{} Institute of Technology", "education"),
    ("{} University", "education"), ("Ministry of {}", "government"), ("{} Research Centre", "facility"),
    ("{} Agency", "government"), ("{} Company", "company"), ("{} Hospital", "healthcare"),
    ("{} Foundation", "funder"), ("{} Museum", "archive"),
]  # fmt: skip
#: Names in the scripts of the vocabularies, by language tag.
_ABROAD = {
    "ko": "{} 대학교", "zh": "{}大学", "ja": "{}大学", "ar": "جامعة {}", "ru": "Университет {}",
    "el": "Πανεπιστήμιο {}", "de": "Universität {}", "fr": "Université de {}", "tr": "{} Üniversitesi",
}  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """Where the rows of a table begin: their ids, and the numbers behind their uids."""

    id: int
    uid: int = 0


class Invented:
    """Makes the rows of what is shared.

    Args:
        seed: the same seed makes the same rows.
        vocabularies: by language tag; ``en`` among them.
        start: for each table with ids of its own, where they begin.
    """

    def __init__(
        self, seed: int, vocabularies: dict[str, Vocabulary], start: Callable[[str], Numbers]
    ) -> None:
        self.chance = Random(f"{seed} shared")  # noqa: S311
        self.vocabularies, self.start, self.dates = vocabularies, start, Dates()
        self._countries = _COUNTRIES.split()
        self._plain = [word for word in vocabularies["en"].words if len(word) > 4]

    def subjects(self) -> Iterator[tuple[str, str]]:
        """A tree of subjects: those at the top, and some below each."""
        start, table = self.start("partnerships_focusarea"), "partnerships_focusarea"
        for number in range(TOP_SUBJECTS * (1 + SUBJECTS_BELOW)):
            # The words are taken in turn from the middle of the list: no two names are the same.
            words = f"{self._plain[500 + number]} {self.chance.choice(self._plain[:500])}"
            parent = None if number < TOP_SUBJECTS else start.id + number % TOP_SUBJECTS
            name = f"{words.capitalize()} {SUFFIX}"
            yield table, line(
                start.id + number, synthetic_uid(start.uid + number), name, parent, OPENING, Disclosure.PUBLIC
            )  # fmt: skip

    def events(self, number: int) -> Iterator[tuple[str, str]]:
        start, table = self.start("partnerships_event"), "partnerships_event"
        for place in range(number):
            year = 1990 + place % 35
            name = f"{self._name()} summit {year} {SUFFIX}"
            yield table, line(
                start.id + place, synthetic_uid(start.uid + place), name,
                self.dates.drawn(self.chance, year), None, self._name(), self._country(), "",
                Disclosure.PUBLIC,
            )  # fmt: skip

    def persons(self, number: int) -> Iterator[tuple[str, str]]:
        """Persons with a number for a name, and every tenth in Korean too."""
        start = self.start("people_person")
        for place in range(number):
            key, count = start.id + place, start.uid + place
            yield "people_person", line(key, synthetic_uid(count), f"{PERSON} {count + 1}", Disclosure.PUBLIC)
            if place % 10 == 0:
                native = f"합성 인물 {count + 1}"
                yield "people_personname", line(key, native, PersonName.Kind.NATIVE, "ko")

    def institutions(self, number: int) -> Iterator[tuple[str, str]]:
        """Institutions with names in other scripts, acronyms and, some, an institution above them."""
        start = self.start("partnerships_institution")
        for place in range(number):
            key = start.id + place
            form, kind = self.chance.choice(_KINDS)
            word = self._name()
            yield "partnerships_institution", line(
                key, synthetic_uid(start.uid + place), f"{form.format(word)} {SUFFIX}", listed([kind]),
                OPENING, self._country(), "", self._name(), "", InstitutionState.ACTIVE, Disclosure.PUBLIC,
            )  # fmt: skip
            for row in self._names(place):
                yield "partnerships_institutionname", line(key, *row, "f")
            if place and self.chance.random() < 0.15:
                above = start.id + int(place * self.chance.random())
                yield "partnerships_institutionlink", line(key, LinkKind.PARENT, above, "f")

    def _names(self, place: int) -> Iterator[tuple[str, str, str]]:
        if self.chance.random() < 0.3:
            yield f"SYN-{place:X}", NameKind.ACRONYM, ""
        if self.chance.random() < 0.4:
            tag, form = self.chance.choice(list(_ABROAD.items()))
            word = self.chance.choice(self.vocabularies[tag].words)
            yield f"{form.format(word)} {SUFFIX}", NameKind.LABEL, tag
        if self.chance.random() < 0.1:
            yield f"{self._name()} College {SUFFIX}", NameKind.FORMER, "en"

    def _name(self) -> str:
        return self.chance.choice(self._plain).capitalize()

    def _country(self) -> str:
        return self._countries[int(len(self._countries) * self.chance.random() ** 1.7)]
