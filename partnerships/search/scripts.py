"""Scripts in which a word is not simply what stands between two spaces, and spellings that are as good.

Words come as ``folded_name`` gives them: Hangul by its letters, everything else composed.
"""

import re
import unicodedata

#: Hangul (composed, and by its letters), Kana and Han: as in ``name_words`` of ``sql.py``.
_RUNS = re.compile("([\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+)")
_HUNG_ON = (
    "은 는 이 가 을 를 의 에 도 로 만 와 과 나 들 들은 들이 들을 들의 으로 에서 에게 까지 부터 처럼 보다 "
    "마다 조차 에는 에도 과의 와의 과는 와는 로의 로서 로써 으로의 으로서 으로써 에서는 에서의 에서도 "
    "에게는 이나 이며 이고 이다 입니다 이라는 라는 하고"
)
#: Korean particles, as they are hung on a noun.
_PARTICLES = frozenset(_HUNG_ON.split())


def composed(word: str) -> str:
    """A folded word as it is written: Hangul by its syllables."""
    return unicodedata.normalize("NFC", word)


def is_unspaced(word: str) -> bool:
    """Whether anything in the word is of a script without spaces."""
    return bool(_RUNS.search(word))


def pairs(word: str) -> list[str]:
    """The pairs of characters of a word in a script without spaces, as ``name_words`` makes them."""
    runs = _RUNS.findall(composed(word))
    return [run[place : place + 2] for run in runs for place in range(len(run) - 1)]


def parts(word: str) -> list[str]:
    """What a text must hold to hold the word somewhere, if not as a word of its own.

    Pairs of characters, and whole what stands between them in another script: ``AI정상회의`` is
    found in “AI 정상회의”. Empty where the word has no such script, or only one character of it.
    """
    cut = _RUNS.split(composed(word))
    if len(cut) == 1:
        return []
    others = [unicodedata.normalize("NFKD", other) for other in cut[::2] if other]
    return [*others, *pairs(word)]


def without_particle(word: str) -> list[str]:
    """A word in Korean text without the particle that it may carry, in each way to read it.

    Of ``한국과학기술원에서는`` and of ``KAIST는`` the noun; a noun that ends like a particle loses a
    syllable as well, which does no harm beside the whole word. One syllable alone is no noun.
    """
    written = composed(word)
    nouns = [written[:-cut] for cut in (1, 2, 3) if written[-cut:] in _PARTICLES and len(written) - cut >= 2]
    return [unicodedata.normalize("NFKD", noun) for noun in nouns]


_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"}
)


def without_umlauts(text: str) -> str:
    """The text as it is written where there are no umlauts: Zuerich."""
    return unicodedata.normalize("NFC", text).translate(_UMLAUTS)


def with_umlauts(word: str) -> list[str]:
    """A folded word as it would be if it had been written with umlauts: zurich for zuerich."""
    shorter = re.sub("(?<=[aou])e|(?<=a)a", "", word)
    return [shorter] if word.isascii() and shorter != word else []


def other_article(word: str) -> list[str]:
    """An Arabic word with its article, if it has none, and without, if it has."""
    if not "\u0621" <= word[:1] <= "\u064a" or len(word) < 3:
        return []
    return [word[2:]] if word.startswith("ال") and len(word) > 4 else [f"ال{word}"]
