"""What cells say: dates, countries, words; and never more than that."""

import pytest

from partnerships.choices import AgreementType, Renewal
from partnerships.services.importing.values import (
    Ambiguous,
    CountryNames,
    NotUnderstood,
    is_blank,
    orders_shown,
    read_choice,
    read_date,
    read_notice,
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("21 May 2024", "2024-05-21"), ("21/05/2024", "2024-05-21"), ("5/21/2024", "2024-05-21"),
        ("2024-05", "2024-05"), ("May 2024", "2024-05"), ("2024", "2024"), ("05/2024", "2024-05"),
        ("2024년 5월 21일", "2024-05-21"), ("2024년 5월", "2024-05"), ("2024年5月21日", "2024-05-21"),
        ("21. Mai 2024", "2024-05-21"), ("3. März 2024", "2024-03-03"), ("1er février 2024", "2024-02-01"),
        ("21 de mayo de 2024", "2024-05-21"), ("May 21, 2024", "2024-05-21"), ("21-May-2024", "2024-05-21"),
        ("Tuesday, 21 May 2024", "2024-05-21"), ("2024-05-21 00:00:00", "2024-05-21"),
        ("2024-05-21T10:00:00Z", "2024-05-21"), ("20240521", "2024-05-21"), ("45433", "2024-05-21"),
        ("03.04.2024", "2024-04-03"), ("04/04/2024", "2024-04-04"), ("2024. 5. 21.", "2024-05-21"),
    ],
)  # fmt: skip
def test_a_date_is_as_precise_as_it_is_written(text, date):
    assert str(read_date(text)) == date


@pytest.mark.parametrize(
    "text",
    ["31/02/2024", "21/05/24", "ca. 2024", "2024?", "2024-13", "May", "Q2 2024", "2011/12", "12345678",
     "soon",
     "9" * 400, "2024-05-21; 2025", "\u202e2024-05-21x"],
)  # fmt: skip
def test_what_is_no_date_is_not_made_one(text):
    with pytest.raises(NotUnderstood):
        read_date(text)


def test_a_date_with_two_readings_needs_an_order():
    with pytest.raises(Ambiguous):
        read_date("03/04/2024")
    assert str(read_date("03/04/2024", "day_first")) == "2024-04-03"
    assert str(read_date("03/04/2024", "month_first")) == "2024-03-04"
    with pytest.raises(NotUnderstood):
        read_date("21/05/2024", "month_first")
    assert orders_shown("21/05/2024") == {"day_first"} and len(orders_shown("03/04/2024")) == 2
    assert orders_shown("03.04.2024") == orders_shown("May 2024") == set()


@pytest.mark.django_db
def test_countries_are_known_by_the_names_in_use():
    read = CountryNames().read
    for code, names in {
        "KR": ["South Korea", "Korea, Republic of", "Republic of Korea", "대한민국", "KR", "Südkorea"],
        "GB": ["UK", "U.K.", "United Kingdom", "England", "Vereinigtes Königreich"],
        "CZ": ["Czech Republic", "Czechia"],
        "CI": ["Ivory Coast", "Côte d'Ivoire", "Côte d’Ivoire"],
        "TR": ["Turkey", "Türkiye"],
        "TW": ["Chinese Taipei", "Taiwan"],
        "US": ["USA", "U.S.A.", "United States of America", "the United States"],
    }.items():
        for name in names:
            assert read(name) == code, name
    for nowhere in ("Neverland", "Atlantis", "Europe", ""):
        with pytest.raises(NotUnderstood):
            read(nowhere)


def test_words_of_closed_lists_and_periods_of_notice():
    assert read_choice("MoU", AgreementType) == "memorandum_of_understanding"
    assert read_choice("업무협약", AgreementType) == "memorandum_of_understanding"
    assert read_choice("Not renewable", Renewal) == "none"
    assert (
        read_notice("6 months")
        == read_notice("six months")
        == read_notice("6개월")
        == (
            6,
            "months",
        )
    )
    assert read_notice("90 Tage") == (90, "days")
    for wrong in ("soon", "0 months", "-3 months", "months"):
        with pytest.raises(NotUnderstood):
            read_notice(wrong)
    assert is_blank(" N/A ") and not is_blank("0")
