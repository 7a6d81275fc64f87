"""The check of schemathesis that refusals of valid requests need: our reading of what “valid” is.

OpenAPI cannot say that two parameters exclude each other, that an id must be known, or that a term ends after
it begins. Such a refusal may come; one about the form of what the description allows is a fault.
"""

import json
import re

from schemathesis.checks import positive_data_acceptance

#: Refusals of parameters that no schema can foresee: by code, or by name and code where that says too little.
BEYOND_A_SCHEMA = frozenset(
    {
        "unknown",  # an id, a code of a country, that nobody has
        "contradiction",  # two parameters that exclude each other
        "repeated",  # a field in `ordering` once up, once down
        "empty",  # `omit` of everything
        "too_far",  # a page that depends on the size of pages
        "invalid_partial_date",  # 2023-02-30
        "null_characters_not_allowed",
        "cursor:invalid",  # not of our making
        "updated_since:invalid",  # beyond the calendar
        "q:required",  # blanks alone
    }
)
#: Refusals of bodies that a schema foresees; every other is a rule of the registry.
OF_THE_FORM = frozenset(
    {
        "invalid_choice",
        "max_length",
        "max_value",
        "min_length",
        "min_value",
        "not_a_list",
        "null",
        "read_only",
        "required",
        "unknown_key",
        "unknown_parameter",
    }
)


def described_requests_are_answered(ctx, response, case) -> bool | None:
    """As ``positive_data_acceptance``, but a refusal may be of a kind that no schema foresees."""
    if response.status_code == 410 or (
        response.status_code == 400 and _foreseen_by_no_schema(response, case)
    ):
        return None
    return positive_data_acceptance(ctx, response, case)


def _foreseen_by_no_schema(response, case) -> bool:
    try:
        errors = json.loads(response.content)["errors"]
    except (ValueError, KeyError):
        return False
    if case.method.upper() in {"GET", "HEAD"}:
        return bool(errors) and all(_names(error) & BEYOND_A_SCHEMA for error in errors)
    return bool(errors) and not any(error["code"] in OF_THE_FORM for error in errors)


def _names(error: dict) -> set[str]:
    field = re.sub(r"\d+", "*", error["field"] or "")
    return {error["code"], f"{field}:{error['code']}"}
