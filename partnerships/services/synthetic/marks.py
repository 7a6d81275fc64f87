"""How synthetic records are told from real ones: by their ids, their names and their words.

Every mark can be read without knowing this file: the names and titles end with “(synthetic)”, the
summaries begin with “Synthetic data”, the one source of an agreement says that there is none.
"""

from people.uids import ALPHABET, LENGTH

#: “Synthetic” in the alphabet of ids. A real id begins so once in half a million: never the only mark.
PREFIX = "snth"
SUFFIX = "(synthetic)"
OPENING = "Synthetic data, not a real agreement."
SOURCE_TITLE = "Synthetic data, not a real agreement"
PUBLISHER = "manage.py make_synthetic"

_DIGITS = LENGTH - len(PREFIX)
#: How many ids there are for the rows of one table.
CAPACITY = len(ALPHABET) ** _DIGITS


def synthetic_uid(number: int) -> str:
    """Return the id of the row with this number, from 0; ids sort as numbers do."""
    letters = []
    for _ in range(_DIGITS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return PREFIX + "".join(reversed(letters))


def number_of(uid: str) -> int:
    """Return the number from which ``synthetic_uid`` made ``uid``."""
    number = 0
    for letter in uid.removeprefix(PREFIX):
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


def marked(rows, field: str = "name"):
    """Narrow ``rows`` to those that carry both marks.

    Args:
        field: the column that ends with ``SUFFIX``.
    """
    return rows.filter(uid__startswith=PREFIX, **{f"{field}__endswith": SUFFIX})
