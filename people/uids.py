"""Public identifiers: short, stable, opaque.

The alphabet leaves out vowels (no accidental words), look-alikes and the digits 0 and 1, so a
uid can never be mistaken for a ROR id (which begins with 0) or an ORCID iD.
"""

import secrets

from django.db import models

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 10
PATTERN = f"[{ALPHABET}]{{{LENGTH}}}"


def new_uid() -> str:
    """Return a fresh random uid of ``LENGTH`` characters (about 47 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class UidField(models.CharField):
    """The public id of a row: made once, never edited.

    Say ``unique=True`` where it is declared: a default here would follow the field into the
    history tables, where an id stands once a change.
    """

    def __init__(self, **kwargs):
        kwargs.setdefault("verbose_name", "id")
        kwargs.setdefault("max_length", LENGTH)
        kwargs.setdefault("default", new_uid)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)
