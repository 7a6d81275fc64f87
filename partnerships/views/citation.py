"""How to cite a record."""

from django.utils import timezone

from partnerships.models import Agreement
from partnerships.partial_dates import spoken

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def sentence(agreement: Agreement, address: str) -> str:
    """Return a sentence that names the record, the registry, the address and the day of access."""
    today = timezone.localdate()
    return (
        f"“{agreement.title}”. Entente partnership registry, record {agreement.uid}, "
        f"last changed {spoken(agreement.updated_at.date())}. {address} (accessed {spoken(today)})."
    )


def bibtex(agreement: Agreement, address: str) -> str:
    """Return the record as an entry for a BibTeX file."""
    today = timezone.localdate()
    return "\n".join(
        (
            f"@misc{{entente-{agreement.uid},",
            f"  title = {{{{{_plain(agreement.title)}}}}},",
            f"  howpublished = {{Entente partnership registry, record {agreement.uid}}},",
            f"  year = {{{agreement.updated_at.year}}},",
            f"  url = {{{address}}},",
            f"  note = {{Last changed {agreement.updated_at.date()}; accessed {today}}}",
            "}",
        )
    )


def _plain(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))
