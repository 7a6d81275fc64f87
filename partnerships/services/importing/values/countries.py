"""Countries as people write them."""

import re
import unicodedata

from partnerships.models import Country, CountryName

from .words import NotUnderstood, tidied

#: Written in spreadsheets, and neither in ISO 3166-1 nor among the names that the registry is seeded with.
_ALSO = {
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "u k": "GB",
    "u s": "US", "u s a": "US", "united states of america": "US",
    "chinese taipei": "TW", "taiwan r o c": "TW", "taiwan roc": "TW",
    "hong kong sar": "HK", "hong kong china": "HK", "macau sar": "MO", "macao sar": "MO",
    "pr china": "CN", "p r china": "CN", "peoples republic of china": "CN", "mainland china": "CN",
    "south korea": "KR", "korea republic of": "KR", "korea south": "KR", "s korea": "KR",
    "republic of korea": "KR", "north korea": "KP", "korea north": "KP",
    "czech republic": "CZ", "slovak republic": "SK", "republic of ireland": "IE", "eire": "IE",
    "ivory coast": "CI", "turkey": "TR", "turkiye": "TR", "palestine": "PS", "vatican": "VA",
    "russia": "RU", "laos": "LA", "syria": "SY", "iran": "IR", "moldova": "MD", "bolivia": "BO",
    "tanzania": "TZ", "venezuela": "VE", "vietnam": "VN", "viet nam": "VN", "brunei": "BN",
    "the gambia": "GM", "the bahamas": "BS", "uk": "GB", "usa": "US", "uae": "AE",
}  # fmt: skip


class CountryNames:
    """Every name of every country, read from the registry once."""

    def __init__(self) -> None:
        countries = list(Country.objects.values_list("code", "name", "official_name"))
        self._codes = {code for code, _, _ in countries}
        self._names: dict[str, str | None] = {}
        for code, name, official in countries:
            self._add(name, code)
            self._add(official, code)
        for code, name in CountryName.objects.values_list("country_id", "value"):
            self._add(name, code)
        # What is said here wins over a name that two countries share in some language.
        self._names |= {name: code for name, code in _ALSO.items() if code in self._codes}

    def _add(self, name: str, code: str) -> None:
        for form in {_folded(name), _folded(_turned(name))} - {""}:
            known = self._names.setdefault(form, code)
            if known != code:
                self._names[form] = None

    def read(self, text: str) -> str:
        """Return the code of the country that is meant.

        Raises:
            NotUnderstood: there is no such country, or two are called so.
        """
        if (upper := text.strip().upper()) in self._codes:
            return upper
        if code := self._names.get(_folded(text)):
            return code
        raise NotUnderstood("This is no country by a name that the registry knows.")


def _turned(name: str) -> str:
    """“Korea, Republic of” as it is spoken."""
    first, _, rest = name.partition(", ")
    return f"{rest} {first}" if rest else name


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", tidied(text).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    plain = unicodedata.normalize("NFC", plain.replace("&", " and ").replace("'", "").replace("’", ""))
    return re.sub(r"^the ", "", " ".join(re.sub(r"[^\w]", " ", plain).split()))
