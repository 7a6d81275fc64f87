"""A cursor reads any queryset in any order as an offset would, on and back, without an offset."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Length

from partnerships.models import Agreement, Country, Institution
from partnerships.querysets.cursors import BadCursor, behind, decode, encode, settled, terms_of
from tests.factories import AgreementFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGNED = F("signed_on")
ORDERS = {
    "key": ["pk"],
    "key, turned": ["-pk"],
    "moment": ["-updated_at", "-pk"],
    "unknown last": [SIGNED.desc(nulls_last=True), "-pk"],
    "unknown last, ascending": [SIGNED.asc(nulls_last=True), "pk"],
    "unknown first": [SIGNED.asc(nulls_first=True), "pk"],
    "unknown first, descending": [SIGNED.desc(nulls_first=True), "-pk"],
    "as PostgreSQL has it": ["-signed_on", "pk"],
    "as PostgreSQL has it, ascending": ["signed_on", "-pk"],
    "without a key": [SIGNED.desc(nulls_last=True)],
    "two that may be unknown": [SIGNED.desc(nulls_last=True), F("announced_on").desc(nulls_last=True), "-pk"],
    "two, both ways": [SIGNED.asc(nulls_last=True), F("announced_on").desc(nulls_first=True), "pk"],
    "both ways": ["-type", "title", "-pk"],
    "a relation": ["event__name", "pk"],
    "an annotation": ["letters", "pk"],
    "an annotation that is never unknown": [F("either").desc(nulls_last=True), "-pk"],
    "by default": None,
    "without any": [],
}


@pytest.fixture
def rows(rf):
    dates = ["2024", None, "2024-05", "2010-01-01", None, "2024-05", "1999", None, "2024-05-01"]
    for number, signed in enumerate(dates):
        AgreementFactory(
            title=f"Title {number % 4}",
            signed_on=signed,
            announced_on=[None, "2001", "2024-05"][number % 3],
            type=["consortium", "exchange"][number % 2],
        )
    either = Coalesce("signed_on", "announced_on", Value("1900", output_field=SIGNED_FIELD))
    return Agreement.objects.annotate(letters=Length("signed_place"), either=either)


SIGNED_FIELD = Agreement._meta.get_field("signed_on")


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_from_every_row_on_and_back(rows, order):
    asked = settled(rows if order is None else rows.order_by(*order))
    whole = list(asked)
    keys = [row.pk for row in whole]
    for queryset, expected in ((asked, keys), (asked.reverse(), keys[::-1])):
        terms = terms_of(queryset)
        for row in whole:
            place = decode(terms, encode(terms, row))
            found = [
                found.pk for condition in behind(terms, place.values) for found in queryset.filter(condition)
            ]
            assert found == expected[expected.index(row.pk) + 1 :]


def test_an_order_without_ties_is_left_as_it_is():
    assert settled(Agreement.objects.order_by("title", "uid")).query.order_by == ("title", "uid")
    assert settled(Country.objects.order_by("name")).query.order_by == ("name", "pk")
    # Rows without a ROR id are alike in it.
    assert settled(Institution.objects.order_by("-ror_id")).query.order_by == ("-ror_id", "-pk")


def test_a_cursor_of_a_long_title_fits_into_an_address():
    title = "".join(chr(0xAC00 + number * 7 % 11_000) for number in range(500))
    row = AgreementFactory(title=title)
    terms = terms_of(Agreement.objects.order_by("title", "pk"))
    cursor = encode(terms, row)
    assert decode(terms, cursor).values == [title, row.pk]
    assert len(cursor) < 2_500


def test_a_cursor_is_bound():
    terms, other = (terms_of(Agreement.objects.order_by(name, "pk")) for name in ("title", "type"))
    cursor = encode(terms, AgreementFactory(), "one question")
    assert not decode(terms, cursor, "one question").backward
    for bound, question, said in [(terms, "another", "question"), (other, "one question", "order")]:
        with pytest.raises(BadCursor, match=f"another {said}"):
            decode(bound, cursor, question)
    with pytest.raises(BadCursor, match="not made here"):
        decode(terms, cursor[:-1], "one question")


def test_an_index_is_entered_where_the_cursor_stands():
    """Also where many rows are alike, and on both sides of the first unknown value."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON partnerships_agreement (signed_on DESC NULLS LAST, id DESC)")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    queryset = Agreement.objects.order_by(SIGNED.desc(nulls_last=True), "-pk")
    for read, known in ((queryset, 2), (queryset.reverse(), 1)):
        terms = terms_of(read)
        for values, stretches in ((["2024", 5], known), ([None, 5], 3 - known)):
            conditions = behind(terms, values)
            assert len(conditions) == stretches
            for condition in conditions:
                plan = read.filter(condition).explain()
                assert "Index Cond" in plan and "Filter" not in plan and "Sort" not in plan


def test_values_of_every_kind_return(rows):
    user = UserFactory()
    row = InstitutionFactory()
    for model, names, record in [
        (Institution, ["updated_at", "name", "established"], row),
        (type(user), ["date_joined", "is_staff"], user),
    ]:
        terms = terms_of(model.objects.order_by(*names, "pk"))
        place = decode(terms, encode(terms, record))
        for condition in behind(terms, place.values):
            assert record not in model.objects.filter(condition)
    terms = terms_of(rows.annotate(day=F("signed_on__first_day")).order_by("day", "pk"))
    assert decode(terms, encode(terms, {"day": date(2024, 5, 1), "pk": 1})).values == ["2024-05-01", 1]
