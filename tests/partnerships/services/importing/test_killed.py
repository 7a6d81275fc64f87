"""A job that is killed in the middle leaves nothing half done, and the next one finishes it."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from partnerships.models import Agreement, ImportBatch, ImportRow
from partnerships.services import importing
from partnerships.services.importing.working import left_undone
from partnerships.tasks import hand_over_imports
from tests.factories import MembershipFactory

from .sheets import checked, csv_of, upload

pytestmark = pytest.mark.django_db(transaction=True)

#: Works on an import in a process of its own, and stops after the first rows until it is killed.
SCRIPT = """
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
from partnerships.services.importing import running, working
write = running._write_chunk
def then_wait(batch, plans):
    write(batch, plans)
    print("written", flush=True)
    time.sleep(60)
running._write_chunk = then_wait
working.work_on(int(sys.argv[1]))
"""


def killed_in_the_middle(batch: ImportBatch) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", SCRIPT, str(batch.pk), connection.settings_dict["NAME"]]
    job = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert job.stdout.readline() == "written\n"
        assert left_undone() == [], "a living job is left alone"
    finally:
        job.send_signal(signal.SIGKILL)
        job.wait()


def test_a_killed_import_leaves_nothing_and_is_finished_by_the_next():
    editor = MembershipFactory()
    data = csv_of(
        ["ID", "Title", "Partner"], *([str(n), f"Title {n}", f"Partner {n % 7}"] for n in range(30))
    )
    batch = checked(upload(data, by=editor.user, office=editor.office))
    batch = importing.run_import(batch=batch, by=editor.user)
    killed_in_the_middle(batch)
    batch.refresh_from_db()
    assert batch.state == "running"
    assert not Agreement.objects.exists()
    assert not ImportRow.objects.exclude(agreement=None).exists()

    for _ in range(50):
        # The server notices the broken connection a moment later.
        if hand_over_imports():
            break
        time.sleep(0.1)
    batch.refresh_from_db()
    assert batch.state == "done" and Agreement.objects.count() == 30
    assert hand_over_imports() == 0
