"""Of what the words of each invented language are put together: beginnings, middles, ends, endings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """The syllables of a language, how often it is used, and how its words stand side by side.

    A word is ``syllables`` times beginning + middle + close, then one of the ``endings``.
    """

    tag: str
    share: float
    vocabulary: int
    beginnings: tuple[str, ...]
    middles: tuple[str, ...]
    closes: tuple[str, ...]
    endings: tuple[str, ...]
    syllables: tuple[int, ...] = (1, 2, 2, 3)
    space: str = " "
    stop: str = ". "


def _split(text: str) -> tuple[str, ...]:
    """Words of ``text``; a dash stands for nothing."""
    return tuple("" if word == "-" else word for word in text.split())


def _between(first: str, last: str, step: int = 1) -> tuple[str, ...]:
    return tuple(chr(code) for code in range(ord(first), ord(last) + 1, step))


def _blocks() -> tuple[str, ...]:
    """Blocks of Hangul with the vowels and the closing letters that Korean uses most."""
    vowels, closes = (0, 1, 4, 5, 6, 8, 13, 18, 20), (0, 0, 1, 4, 8, 16, 21)
    return tuple(
        chr(ord("가") + (lead * 21 + vowel) * 28 + close)
        for lead in (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 18)
        for vowel in vowels
        for close in closes
    )


_NOTHING = ("",)

SCRIPTS = (
    Script(
        "en", 0.52, 20_000,
        _split("b c d f g h j l m n p r s t v w st tr pl gr ch sh br cl fr th qu - -"),
        _split("a e i o u a e i o ea ou ai oo"),
        _split("- - - n r s l t m nd rt ck x"),
        _split("- - - - s s ing ed ion ment er ly al ity"),
    ),
    Script(
        "ko", 0.09, 4_000, _blocks(), _NOTHING, _NOTHING,
        _split("- - - 은 는 이 가 을 를 의 에 에서 과 와 하고 한다"), (2, 2, 3, 4),
    ),
    Script(
        "zh", 0.05, 4_000, _between("一", "淋", 7), _NOTHING, _NOTHING, _NOTHING, (1, 2, 2, 2, 3), "", "。",
    ),
    Script(
        "ja", 0.05, 4_000, (*_between("万", "炎", 19), *_between("ア", "ワ", 2)), _NOTHING, _NOTHING,
        _split("- - する した の は を に と による について"), (1, 2, 2, 3), "", "。",
    ),
    Script(
        "ar", 0.05, 4_000, _split("ب ت ج ح خ د ر س ش ص ط ع ف ق ك ل م ن ه و ي ال الم"), _split("- ا و ي"),
        _split("- - ر ن م ل"), _split("- - ة ات ون ين ه"), (2, 2, 3),
    ),
    Script(
        "ru", 0.06, 4_000, _split("б в г д ж з к л м н п р с т ф х ц ч ш пр ст тр кл"),
        _split("а е и о у ы я ю ё"), _split("- - н р с л т м й"), _split("- - ы ов ами ость ение ский ать"),
    ),
    Script(
        "el", 0.04, 4_000, _split("β γ δ ζ θ κ λ μ ν ξ π ρ σ τ φ χ ψ στ πρ τρ"),
        _split("α ε η ι ο υ ω ά έ ή ί ό ώ ου ει"), _split("- - - ν ρ σ"), _split("ς ν α η ο ων ους ικός ση"),
    ),
    Script(
        "de", 0.06, 4_000, _split("b d f g h k l m n p r s t w z sch st pf gr br kl"),
        _split("a e i o u ä ö ü ei au ie"), _split("- - n r s l cht ng ß rk"),
        _split("- - en er ung heit lich keit e es"),
    ),
    Script(
        "fr", 0.05, 4_000, _split("b c d f g j l m n p r s t v ch gr pr br cl ç"),
        _split("a e i o u é è ê ou oi au eu"), _split("- - - n r s l"),
        _split("- - s tion ment eur ée ique aux"),
    ),
    Script(
        "tr", 0.03, 4_000, _split("b c ç d f g h k l m n p r s ş t v y z"), _split("a e ı i o ö u ü"),
        _split("- - n r k l m ş ğ"), _split("- - lar ler lik cı da den si"),
    ),
)  # fmt: skip
