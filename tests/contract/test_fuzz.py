"""Made-up requests, right and wrong, find nothing: every check of schemathesis, as several kinds of caller.

A run asks a few of each operation. ``ENTENTE_FUZZ=200`` asks 200; what is found is told with a curl command.
"""

import os
from collections import Counter
from contextlib import nullcontext, suppress

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import (
    CHECKS,
    load_all_checks,
    negative_data_rejection,
    positive_data_acceptance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from people.models import Scope
from people.services.tokens import issue_token
from tests.contract.fuzz_checks import described_requests_are_answered, wrong_requests_are_refused
from tests.factories import AgreementFactory, DocumentFactory, StatementFactory, publish_now

load_all_checks()
LONG = int(os.environ.get("ENTENTE_FUZZ") or 0)
EXAMPLES = LONG or 2
_OURS = {
    positive_data_acceptance: described_requests_are_answered,
    negative_data_rejection: wrong_requests_are_refused,
}
EVERY_CHECK = [_OURS.get(one, one) for one in CHECKS.get_all()]
#: Who calls: the scopes of a token, or nobody.
CALLERS = {
    "nobody": None,
    "a token that reads": [Scope.READ_PUBLIC],
    "a token that may do everything": list(Scope.values),
}


@pytest.fixture
def one_connection(db):
    """Let the application answer on the connection, and in the transaction, of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def operations(description, one_connection) -> list:
    """Every operation of the description, answered by the application on a few records."""
    record = AgreementFactory(signed_on="2024", notice_amount=6, notice_unit="months")
    StatementFactory(agreement=record)
    DocumentFactory(agreement=record)
    publish_now(record)
    described = schemathesis.openapi.from_dict(description)
    described.app = get_wsgi_application()
    # No text here holds one, and a schema that said so of every string would be read by nobody.
    described.config.generation.allow_x00 = False
    return [found.ok() for found in described.get_all_operations()]


@pytest.mark.parametrize("caller", CALLERS)
def test_nothing_is_found(operations, caller):
    # Not every check can read what is compressed.
    scopes, headers, asked, found = CALLERS[caller], {"Accept-Encoding": "identity"}, Counter(), {}
    if scopes:
        _, secret = issue_token(name="Fuzz", scopes=scopes)
        headers |= {"Authorization": f"Bearer {secret}"}
    chosen = [one for place, one in enumerate(operations) if _asks(caller, place, one)]
    for operation in chosen:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for fault in _faults(operation, mode, headers, asked):
                found.setdefault(f"{operation.label}, {mode.value}: {fault[:300]}", fault)
    assert not found, "\n\n".join(sorted(found.values()))
    assert len(asked) == len(chosen), "each is asked"


def _asks(caller: str, place: int, operation) -> bool:
    """Whether a caller asks an operation: all ask all, but in a short run each is asked by one or two."""
    writes = operation.method.upper() != "GET" and caller == "a token that may do everything"
    return bool(LONG) or writes or place % len(CALLERS) == list(CALLERS).index(caller)


def _faults(operation, mode: GenerationMode, headers: dict, asked: Counter) -> list[str]:
    faults = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    def answered(case):
        asked[operation.label] += 1
        response = case.call(headers=headers)
        try:
            case.validate_response(response, checks=EVERY_CHECK, headers=headers)
        except FailureGroup as group:
            told = f"{response.status_code} {response.content[:500]!r}\n{case.as_curl_command()}"
            faults.extend(f"{one}\n{told}" for one in group.exceptions)

    # There is no wrong request where nothing can be sent.
    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        answered()
    return faults
