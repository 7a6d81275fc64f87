"""A typed client that a generator makes of the description works against a served registry.

The generator is openapi-python-client: it reads OpenAPI 3.1 as it is and comes from the same place as
everything else here. What it cannot express is a warning, and a warning fails.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from partnerships.api.contract import examples

pytestmark = pytest.mark.django_db

DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> str:
    """The folder of the generated package; ``entente_client`` can be imported from it."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.yaml"
    # The generator knows no lines of JSON; to it they are text.
    config.write_text("content_type_overrides:\n  application/x-ndjson: text/plain\n")
    command = [str(BIN / "openapi-python-client"), "generate", "--path", str(DESCRIPTION), "--meta", "none",
               "--output-path", str(folder / "entente_client"), "--fail-on-warning",
               "--config", str(config)]  # fmt: skip
    # The generator lets ruff put what it wrote in shape.
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    made = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "arning" not in made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield str(folder)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "entente_client"]:
        del sys.modules[name]


@pytest.fixture
def made(package, served) -> SimpleNamespace:
    """The client as a program has it: modules by name, and a connection with a token."""
    loaded = {
        name: importlib.import_module(f"entente_client.{name}")
        for name in ("client", "models", "api.agreements", "api.institutions", "api.suggest")
    }

    def act(name: str):
        return importlib.import_module(f"entente_client.api.{name}")

    def connected(token: str | None = None, **options):
        kind = loaded["client"]
        if token is None:
            return kind.Client(base_url=served.address, **options)
        return kind.AuthenticatedClient(base_url=served.address, token=served.tokens[token], **options)

    return SimpleNamespace(models=loaded["models"], act=act, connected=connected)


def test_a_list_is_read_and_filtered(made):
    found = made.act("agreements.agreements_list").sync(
        client=made.connected(),
        country=["KR"],
        type_=[made.models.AgreementType.MEMORANDUM_OF_UNDERSTANDING],
        page_size=5,
        fields=[made.models.AgreementsListFieldsItem.ID, made.models.AgreementsListFieldsItem.TITLE],
    )
    assert isinstance(found, made.models.PaginatedAgreementList)
    assert found.count >= 1 and len(found.results) <= 5
    assert any("KAIST" in one.title for one in found.results)
    assert not found.results[0].parties, "only what was asked for"


def test_a_record_has_types(made):
    record = made.act("agreements.agreements_retrieve").sync("53kk4556g6", client=made.connected())
    assert isinstance(record, made.models.Agreement)
    assert record.status == made.models.Status.SIGNED
    assert [party.institution.country for party in record.parties] == ["GB", "KR"]
    assert record.notice is None and record.signed_on == "2024"


def test_an_institution_is_found_by_its_ror_id(made):
    read = made.act("institutions.institutions_retrieve").sync
    assert read(examples.KAIST, client=made.connected()).country == "KR"


def test_names_are_completed(made):
    found = made.act("suggest.suggest").sync(client=made.connected(), q="turning institite")
    assert "Turing" in found.results[0].name


def test_a_record_is_written_and_changed(made):
    client, models = made.connected("write:agreements"), made.models
    body = models.AgreementInput.from_dict(examples.BODIES["AgreementInput"])
    record = made.act("agreements.agreements_create").sync(client=client, body=body)
    assert isinstance(record, models.Agreement)
    change = models.PatchedAgreementInput(title="Another title", updated_at=record.updated_at)
    update = made.act("agreements.agreements_partial_update").sync
    assert update(record.id, client=client, body=change).title == "Another title"
    conflict = update(record.id, client=client, body=change)
    assert isinstance(conflict, models.Problem) and conflict.status == 409


def test_errors_have_types(made):
    read = made.act("agreements.agreements_list")
    refused = read.sync(client=made.connected(), q="x" * 301)
    assert isinstance(refused, made.models.Problem)
    assert [(fault.field, fault.code) for fault in refused.errors] == [("q", "max_length")]
    missing = made.act("agreements.agreements_retrieve").sync_detailed("2222222222", client=made.connected())
    assert (missing.status_code, missing.parsed.status) == (404, 404)
    body = made.models.AgreementInput.from_dict(examples.BODIES["AgreementInput"])
    refused = made.act("agreements.agreements_create").sync(client=made.connected("read:public"), body=body)
    assert refused.status == 403


def test_every_operation_is_in_the_client(package, description):
    from partnerships.api.contract.references import operations

    names = {one["operationId"] for _, _, one in operations(description)}
    written = {path.stem for path in Path(package, "entente_client", "api").glob("*/*.py")}
    assert names <= written
