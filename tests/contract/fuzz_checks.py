"""The check of schemathesis that refusals of valid requests need: our reading of what “valid” is.

OpenAPI cannot say that two parameters exclude each other, that an id must be known, or that a term ends after
it begins. Such a refusal may come; one about the form of what the description allows is a fault.
"""

import json
import re

from schemathesis.checks import negative_data_rejection, positive_data_acceptance

#: Refusals of parameters that no schema can foresee: by code, or by name and code where that says too little.
BEYOND_A_SCHEMA = frozenset(
    {
        "unknown",  # an id, a code of a country, that nobody has
        "contradiction",  # two parameters that exclude each other
        "repeated",  # a field in `ordering` once up, once down
        "bad_cursor",  # of a feed, not of its making
        "unnamed",  # one of several keys is needed
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


#: Answers about the state of things, whatever is sent: withdrawn, not as read, a key that was used.
OF_THE_STATE = {410, 412, 422, 428}


def wrong_requests_are_refused(ctx, response, case) -> bool | None:
    """As ``negative_data_rejection``, but a parameter that is empty asks nothing, as the pages say."""
    if "" in [
        value for one in (case.query or {}).values() for value in (one if isinstance(one, list) else [one])
    ]:
        return None
    return negative_data_rejection(ctx, response, case)


def described_requests_are_answered(ctx, response, case) -> bool | None:
    """As ``positive_data_acceptance``, but a refusal may be of a kind that no schema foresees."""
    if response.status_code in OF_THE_STATE or (
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
    # PUT takes less where the record is there already.
    of_the_form = OF_THE_FORM - ({"required"} if case.method.upper() == "PUT" else set())
    return bool(errors) and not any(error["code"] in of_the_form for error in errors)


def _names(error: dict) -> set[str]:
    field = re.sub(r"\d+", "*", error["field"] or "")
    return {error["code"], f"{field}:{error['code']}"}
