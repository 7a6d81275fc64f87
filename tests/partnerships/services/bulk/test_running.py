"""A run does exactly what was previewed: all or each, once, whatever happens meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from partnerships import tasks
from partnerships.models import Agreement, BulkRun
from partnerships.services.bulk import running
from partnerships.services.bulk.doing import EDIT, UNDO
from partnerships.services.bulk.running import FORSAKEN, begin_run, carry_on
from tests.factories import AgreementFactory, FocusAreaFactory, SubjectFactory, administrator

EXCHANGE = {"set": {"type": "exchange"}}


def begun(by, act, records, **facts) -> BulkRun:
    rows = Agreement.objects.filter(pk__in=[record.pk for record in records]).order_by("pk")
    selection = list(rows.values_list("pk", "updated_at"))
    return begin_run(by=by, act=act, selection=selection, **facts)


def outcomes(run) -> list[str]:
    return list(run.items.order_by("agreement_id").values_list("outcome", flat=True))


@pytest.fixture
def boss():
    return administrator()


@pytest.mark.django_db
class TestOneProcess:
    @pytest.mark.parametrize("whole", [True, False])
    def test_an_act_reaches_every_record_with_one_reason(self, boss, whole):
        records = [AgreementFactory() for _ in range(3)]
        run = begun(boss, "submit", records, reason="end of term", whole=whole)
        carry_on(run.pk)
        run.refresh_from_db()
        assert (run.state, outcomes(run)) == ("done", ["done"] * 3)
        for record in records:
            event = record.history.order_by("-pgh_id").select_related("pgh_context").first()
            assert event.publication_state == "in_review"
            assert event.pgh_context.metadata["reason"] == "end of term"
            assert event.pgh_context.metadata["user"] == boss.pk

    def test_all_or_none_changes_none_and_names_every_refusal(self, boss):
        good, bad, worse = (
            AgreementFactory(publication_state="in_review", sources=number) for number in (1, 0, 0)
        )
        run = begun(boss, "publish", [good, bad, worse])
        carry_on(run.pk)
        run.refresh_from_db()
        assert (run.state, outcomes(run)) == ("refused", ["undone", "refused", "refused"])
        assert set(run.items.filter(outcome="refused").values_list("message", flat=True)) == {
            "A published agreement needs a source."
        }
        assert set(Agreement.objects.values_list("publication_state", flat=True)) == {"in_review"}

    def test_each_for_itself_goes_on(self, boss):
        good, bad = (AgreementFactory(publication_state="in_review", sources=number) for number in (1, 0))
        run = begun(boss, "publish", [good, bad], whole=False)
        carry_on(run.pk)
        assert outcomes(run) == ["done", "refused"]
        good.refresh_from_db()
        assert good.is_public

    @pytest.mark.parametrize("whole", [True, False])
    def test_a_record_deleted_meanwhile_is_left_out(self, boss, whole):
        gone, stays = AgreementFactory(), AgreementFactory()
        run = begun(boss, EDIT, [gone, stays], changes=EXCHANGE, whole=whole)
        gone.delete()
        carry_on(run.pk)
        assert sorted(outcomes(run)) == ["done", "left_out"]

    def test_a_user_who_lost_the_right_meanwhile_changes_nothing(self, boss):
        record = AgreementFactory()
        run = begun(boss, EDIT, [record], changes=EXCHANGE, whole=False)
        boss.is_superuser = False
        boss.save()
        carry_on(run.pk)
        assert outcomes(run) == ["refused"]

    def test_carrying_on_twice_changes_nothing_more(self, boss):
        record = AgreementFactory()
        run = begun(boss, EDIT, [record], changes=EXCHANGE)
        carry_on(run.pk)
        events = record.history.count()
        carry_on(run.pk)
        tasks.carry_on_bulk_run.enqueue(run.pk)
        assert record.history.count() == events

    @pytest.mark.parametrize(
        ("act", "facts", "words"),
        [
            ("withdraw", {}, "Give a reason"),
            ("zzz", {}, "no such act"),
            (EDIT, {"records": []}, "no record"),
        ],
    )
    def test_what_cannot_be_done_is_refused_before_anything_begins(self, boss, act, facts, words):
        records = facts.get("records", [AgreementFactory()])
        with pytest.raises(ValidationError, match=words):
            begun(boss, act, records)

    def test_too_many_are_refused(self, boss, monkeypatch):
        monkeypatch.setattr(running, "MOST", 1)
        with pytest.raises(ValidationError, match="At most 1 records"):
            begun(boss, EDIT, [AgreementFactory(), AgreementFactory()], changes=EXCHANGE)


@pytest.mark.django_db
class TestUndo:
    def edited(self, boss, records, changes) -> BulkRun:
        run = begun(boss, EDIT, records, changes=changes)
        carry_on(run.pk)
        # Tests run in one transaction, in which no row's “last changed” moves twice.
        return run

    def test_everything_comes_back(self, boss):
        record = AgreementFactory(type="other", languages=["en"])
        taken = SubjectFactory(agreement=record, emphasised=True).focus_area
        added = FocusAreaFactory()
        changes = {
            "set": {"type": "exchange"},
            "add": {"focus_areas": [[added.pk, False]], "languages": ["ko"]},
            "remove": {"focus_areas": [taken.pk]},
        }
        run = self.edited(boss, [record], changes)
        record.refresh_from_db()
        assert (record.type, record.languages) == ("exchange", ["en", "ko"])
        back = begun(boss, UNDO, [record], undoes=run)
        carry_on(back.pk)
        record.refresh_from_db()
        assert outcomes(back) == ["done"]
        assert (record.type, record.languages) == ("other", ["en"])
        assert list(record.subjects.values_list("focus_area", "emphasised")) == [(taken.pk, True)]

    def test_what_got_another_value_since_stays(self, boss):
        record = AgreementFactory(type="other")
        run = self.edited(boss, [record], EXCHANGE)
        Agreement.objects.filter(pk=record.pk).update(type="framework")
        back = begun(boss, UNDO, [record], undoes=run, whole=False)
        carry_on(back.pk)
        record.refresh_from_db()
        assert (record.type, outcomes(back)) == ("framework", ["refused"])


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_record_changed_after_the_preview_is_named_and_left_out(self, boss):
        changed, other = AgreementFactory(title="changed"), AgreementFactory()
        run = begun(boss, EDIT, [changed, other], changes=EXCHANGE)
        Agreement.objects.filter(pk=changed.pk).update(summary="by somebody else")
        carry_on(run.pk)
        run.refresh_from_db()
        assert (run.state, outcomes(run)) == ("done", ["left_out", "done"])
        changed.refresh_from_db()
        assert (changed.type, changed.summary) == ("memorandum_of_understanding", "by somebody else")

    @pytest.mark.parametrize("whole", [True, False])
    def test_an_edit_under_way_is_waited_for_and_not_overwritten(self, boss, whole):
        record = AgreementFactory()
        run = begun(boss, EDIT, [record], changes=EXCHANGE, whole=whole)

        def in_another_connection():
            carry_on(run.pk)
            connection.close()

        worker = threading.Thread(target=in_another_connection)
        with transaction.atomic():
            Agreement.objects.filter(pk=record.pk).update(summary="typed")
            worker.start()
            time.sleep(0.3)
        worker.join(20)
        record.refresh_from_db()
        assert (record.type, record.summary) == ("memorandum_of_understanding", "typed")
        assert outcomes(run) == ["left_out"]

    @pytest.mark.parametrize("whole", [True, False])
    def test_two_workers_do_no_record_twice(self, boss, whole):
        records = [AgreementFactory() for _ in range(8)]
        run = begun(boss, EDIT, records, changes=EXCHANGE, whole=whole)

        def work():
            carry_on(run.pk)
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert outcomes(run) == ["done"] * 8
        assert {record.history.count() for record in records} == {2}

    def test_a_killed_job_is_found_again_and_finished(self, boss):
        """SIGKILL half-way: what is done stays done once, the rest is done by the next worker."""
        records = [AgreementFactory() for _ in range(30)]
        run = begun(boss, EDIT, records, changes=EXCHANGE, whole=False)
        worker = killed_half_way(run)
        assert worker.returncode == -signal.SIGKILL
        done = outcomes(run).count("done")
        assert 0 < done < 30
        BulkRun.objects.filter(pk=run.pk).update(seen_at=timezone.now() - 2 * FORSAKEN)
        assert tasks.hand_over_forsaken_runs() == 1
        run.refresh_from_db()
        assert (run.state, outcomes(run)) == ("done", ["done"] * 30)
        assert {record.history.count() for record in records} == {2}
        assert tasks.hand_over_forsaken_runs() == 0

    def test_a_killed_job_of_all_or_none_leaves_nothing_half_done(self, boss):
        records = [AgreementFactory() for _ in range(10)]
        run = begun(boss, EDIT, records, changes=EXCHANGE, whole=True)
        killed_half_way(run)
        assert not Agreement.objects.filter(type="exchange").exists()
        carry_on(run.pk)
        assert Agreement.objects.filter(type="exchange").count() == 10


#: A worker that kills itself with SIGKILL in the midst of the fifth record.
_WORKER = """
import os, signal, sys
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from partnerships.services.bulk import doing
revise, done = doing.revise_agreement, []
def counted(**facts):
    result = revise(**facts)
    done.append(1)
    if len(done) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
doing.revise_agreement = counted
from partnerships.services.bulk.running import carry_on
carry_on(int(sys.argv[2]))
"""


def killed_half_way(run: BulkRun) -> subprocess.Popen:
    command = [sys.executable, "-c", _WORKER, connection.settings_dict["NAME"], str(run.pk)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    worker = subprocess.Popen(command, env=environment)
    worker.wait(60)
    return worker
