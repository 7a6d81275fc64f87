"""The command asks before it replaces, and says where to start where it refuses."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partnerships.models import Agreement
from partnerships.services.synthetic import standing
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def run(**options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("make_synthetic", stdout=out, stderr=err, **{"agreements": 20, "seed": 1, **options})
    return out.getvalue(), err.getvalue()


def test_it_says_how_far_it_has_come_and_what_was_made():
    out, err = run()
    assert "agreements: 20 of 20" in err
    assert "20 synthetic agreements made" in out
    assert standing().synthetic == 20


def test_synthetic_records_are_replaced_only_on_demand():
    run()
    with pytest.raises(CommandError, match=r"20 synthetic agreements .* will be replaced.*--yes"):
        run(agreements=10)
    run(agreements=10, yes=True)
    assert Agreement.objects.count() == 10


def test_a_question_answered_with_no_changes_nothing(monkeypatch):
    run()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run(agreements=10)
    monkeypatch.setattr("builtins.input", lambda question: "y")
    run(agreements=10)
    assert Agreement.objects.count() == 10


def test_real_agreements_make_it_refuse_and_name_the_way_out():
    AgreementFactory()
    with pytest.raises(CommandError, match=r"1 agreements stand here.*DATA_DIR=.*--beside"):
        run()
    run(beside=True)
    assert Agreement.objects.count() == 21


@pytest.mark.parametrize("number", [0, -1, 10**9])
def test_a_number_that_cannot_be_is_refused(number):
    with pytest.raises(CommandError, match="--agreements: give a number from 1"):
        run(agreements=number)


def test_a_file_that_is_no_dump_is_named(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(CommandError, match=r"a\.json"):
        run(institutions=tmp_path / "a.json")
    assert not Agreement.objects.exists()
