"""ROR ids: reading any written form, checking the two last digits.

Source: ROR documentation, "ROR identifier pattern" (https://ror.readme.io/docs/identifier): a
leading 0, six characters of Crockford's base 32 and two digits of checksum by ISO/IEC 7064:2003,
MOD 97-10.
"""

import re

from django.core.exceptions import ValidationError

_WRITTEN = re.compile(
    r"(?:(?:https?://)?(?:www\.)?ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?", re.IGNORECASE | re.ASCII
)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def check_digits(body: str) -> str:
    """Return the two check digits for the seven characters before them."""
    number = 0
    for character in body.lower():
        number = number * 32 + _CROCKFORD.index(character)
    return f"{98 - (number * 100) % 97:02d}"


def parse_ror(text: str) -> str | None:
    """Return the bare id (``035dkdb55``) of any written form, or None if it is not a ROR id."""
    match = _WRITTEN.fullmatch(text.strip())
    if not match:
        return None
    bare = match[1].lower()
    return bare if check_digits(bare[:7]) == bare[7:] else None


def ror_url(bare: str | None) -> str | None:
    """Return the address that is the official form of a ROR id."""
    return f"https://ror.org/{bare}" if bare else None


def validate_ror(value: str) -> None:
    """Refuse what is not the bare form of a ROR id with the right check digits."""
    if parse_ror(value) != value:
        raise ValidationError(
            "“%(value)s” is not a ROR id (its check digits do not fit).", params={"value": value}
        )
