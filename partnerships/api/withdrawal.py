"""What an address says whose record was public once."""

from .errors import Gone


def tell_withdrawal(withdrawn) -> None:
    """Raise ``Gone`` with the reason where there is a row among the agreements ``withdrawn``."""
    if agreement := withdrawn.first():
        raise Gone(f"This record was withdrawn: {agreement.withdrawal_reason}")
