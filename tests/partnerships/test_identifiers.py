"""ROR ids: every written form, and the check digits."""

import pytest
from django.core.exceptions import ValidationError

from partnerships.models import Institution
from partnerships.ror import check_digits, parse_ror


@pytest.mark.parametrize(
    "written", ["035dkdb55", "035DKDB55", "https://ror.org/035dkdb55", "ror.org/035dkdb55/", " 035dkdb55 "]
)
def test_any_written_form(written):
    assert parse_ror(written) == "035dkdb55"


@pytest.mark.parametrize(
    "written",
    ["", "035dkdb56", "135dkdb55", "035dkdb5", "035dkdb555", "035dkdi55", "https://orcid.org/035dkdb55"],
)
def test_what_is_none(written):
    assert parse_ror(written) is None


def test_one_changed_character_never_passes():
    body = "035dkdb"
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    changed = {body[:i] + c + body[i + 1 :] for i in range(1, 7) for c in alphabet} - {body}
    assert all(check_digits(other) != check_digits(body) for other in changed)


@pytest.mark.django_db
def test_an_institution_takes_an_address_and_keeps_the_id():
    row = Institution(name="The Alan Turing Institute", ror_id="https://ror.org/035dkdb55")
    row.full_clean()
    assert (row.ror_id, row.ror_url) == ("035dkdb55", "https://ror.org/035dkdb55")
    with pytest.raises(ValidationError) as caught:
        Institution(name="X", ror_id="035dkdb56").full_clean()
    assert "ror_id" in caught.value.message_dict
