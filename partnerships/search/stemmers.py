"""Languages whose words PostgreSQL can reduce to their stems, and the dictionary that does it."""

#: By two-letter code; the dictionaries are Snowball's, part of every PostgreSQL.
STEMMERS: dict[str, str] = {
    "ar": "arabic_stem",
    "da": "danish_stem",
    "de": "german_stem",
    "el": "greek_stem",
    "en": "english_stem",
    "es": "spanish_stem",
    "fi": "finnish_stem",
    "fr": "french_stem",
    "hu": "hungarian_stem",
    "id": "indonesian_stem",
    "it": "italian_stem",
    "nb": "norwegian_stem",
    "nl": "dutch_stem",
    "nn": "norwegian_stem",
    "no": "norwegian_stem",
    "pt": "portuguese_stem",
    "ro": "romanian_stem",
    "ru": "russian_stem",
    "sv": "swedish_stem",
    "tr": "turkish_stem",
}
#: The registry writes titles and summaries in its own words, whatever language an instrument is in.
OWN_LANGUAGE = "en"
#: The letters of languages that are not written in Latin ones.
_LETTERS = {"ar": ("\u0621", "\u06ff"), "el": ("\u0370", "\u03ff"), "ru": ("\u0400", "\u04ff")}
_LATIN = ("0", "\u024f")


def may_be_in(language: str, word: str) -> bool:
    """Whether a word is written in the letters of a language, by its first sign."""
    first, last = _LETTERS.get(language, _LATIN)
    return first <= word[:1] <= last
