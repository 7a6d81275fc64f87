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
#: The frequent ones first: latitude and longitude of the middle, and how far towns lie from it, in degrees.
_COUNTRIES = {
    "US": (39, -98, 9), "GB": (52.5, -1.5, 2), "CN": (32, 110, 9), "DE": (51, 10, 3), "FR": (47, 2.5, 3),
    "JP": (36, 138, 1.5), "KR": (36.5, 127.8, 1), "IN": (22, 79, 6), "CA": (52, -100, 9), "AU": (-26, 135, 8),
    "IT": (43, 12, 1.5), "ES": (40, -4, 3), "NL": (52.2, 5.5, 0.8), "SE": (60, 15.5, 3),
    "CH": (46.8, 8.2, 0.7),
    "BR": (-12, -50, 8), "ZA": (-29, 25, 4), "SG": (1.35, 103.8, 0.1), "TR": (39, 35, 3), "RU": (56, 50, 9),
    "PL": (52, 19.5, 2), "GR": (39.5, 22, 1), "EG": (27, 30, 3), "SA": (24, 45, 4), "MX": (23, -102, 4),
    "NO": (61, 9, 2), "FI": (63, 26, 2), "DK": (56, 9.5, 0.8), "BE": (50.7, 4.6, 0.6), "AT": (47.5, 14, 1),
    "IE": (53.2, -8, 1), "NZ": (-39, 176, 1), "PT": (39.8, -8, 1), "KE": (0.5, 38, 2), "NG": (9.5, 8, 3),
    "VN": (21, 105, 1), "TH": (16, 101.5, 2), "MY": (4, 102, 1), "ID": (-7, 110, 1), "CL": (-33, -71, 1),
}  # fmt: skip
#: Towns of a country in which institutions stand.
TOWNS = 30
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
        self._countries = list(_COUNTRIES)
        self._plain = [word for word in vocabularies["en"].words if len(word) > 4]
        self._towns = self._invented_towns(Random(f"{seed} towns"))  # noqa: S311

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
            word, country = self._name(), self._country()
            town, latitude, longitude = self.chance.choice(self._towns[country])
            yield "partnerships_institution", line(
                key, synthetic_uid(start.uid + place), f"{form.format(word)} {SUFFIX}", listed([kind]),
                OPENING, country, "", town, latitude, longitude, "", InstitutionState.ACTIVE,
                Disclosure.PUBLIC,
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

    def _invented_towns(self, chance: Random) -> dict[str, list[tuple[str, float, float]]]:
        """Names, latitudes and longitudes of towns, by country; some lie in the sea."""
        return {
            country: [
                (
                    chance.choice(self._plain).capitalize(),
                    round(latitude + chance.uniform(-far, far), 4),
                    round(longitude + chance.uniform(-far, far), 4),
                )
                for _ in range(TOWNS)
            ]
            for country, (latitude, longitude, far) in _COUNTRIES.items()
        }

    def _country(self) -> str:
        return self._countries[int(len(self._countries) * self.chance.random() ** 1.7)]
