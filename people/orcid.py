"""ORCID iDs: reading any written form, checking the last digit.

Source: ISO/IEC 7064:2003, MOD 11-2, as used by ORCID
(https://support.orcid.org/hc/en-us/articles/360006897674).
"""

import re

from django.core.exceptions import ValidationError

_WRITTEN = re.compile(
    r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?", re.I | re.ASCII
)


def check_character(digits: str) -> str:
    """Return the check character (``0``–``9`` or ``X``) for the first 15 digits of an ORCID iD."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    value = (12 - total % 11) % 11
    return "X" if value == 10 else str(value)


def parse_orcid(text: str) -> str | None:
    """Return the bare iD (``0000-0002-1825-0097``) of any written form, or None if it is not one."""
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        return None
    bare = "-".join(match.groups()).upper()
    digits = bare.replace("-", "")
    return bare if check_character(digits[:15]) == digits[15] else None


def validate_orcid(value: str) -> None:
    """Refuse what is not the bare form of an ORCID iD with the right check character."""
    if parse_orcid(value) != value:
        raise ValidationError(
            "“%(value)s” is not an ORCID iD (its last character does not check).", params={"value": value}
        )
