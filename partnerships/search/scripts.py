"""What a word is in scripts that do without spaces, or hang particles on their words.

Words come as ``folded_name`` gives them: Hangul by its letters, everything else composed.
"""

import re
import unicodedata

#: Hangul (composed, and by its letters), Kana and Han: as in ``name_words`` of ``sql.py``.
_RUNS = re.compile("([\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+)")
_SYLLABLES = re.compile("[가-힣]+")
#: Particles as they are hung on a word in another script.
_PARTICLES = (
    "은 는 이 가 을 를 의 에 도 로 만 와 과 나 으로 에서 에게 까지 부터 "
    "에는 에도 과의 와의 으로의 에서는 에서의 이나 이라는 라는 하고"
)
_BEFORE_PARTICLE = re.compile(f"([^가-힣]*[^\\W가-힣])(?:{'|'.join(_PARTICLES.split())})")


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
    """A Korean noun with one or two syllables less: what follows it is often a particle.

    Of a word in another script with a particle behind it (``KAIST에서``) what stands before.
    """
    syllables = composed(word)
    if foreign := _BEFORE_PARTICLE.fullmatch(syllables):
        return [unicodedata.normalize("NFKD", foreign[1])]
    if not _SYLLABLES.fullmatch(syllables):
        return []
    shorter = [syllables[:-cut] for cut in (1, 2) if len(syllables) - cut >= 2]
    return [unicodedata.normalize("NFKD", one) for one in shorter]
