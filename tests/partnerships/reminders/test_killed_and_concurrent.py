"""A run that is killed half-way is finished by the next one; two at once send nothing twice."""

import os
import signal
import socketserver
import subprocess
import sys
import threading
from datetime import date

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection

from partnerships.models import ReminderMail
from partnerships.services.reminders.sending import send_reminders
from tests.factories import AgreementFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2027, 3, 1)


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it accepts, and falls silent once: before or after accepting."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, silent_at: int, accepts: bool):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.kept: list[str] = []
        self.silent_at, self.accepts = silent_at, accepts
        self.silent = threading.Event()

    def identities(self) -> list[str]:
        lines = [line for text in self.kept for line in text.splitlines()]
        return [line for line in lines if line.startswith("Message-ID:")]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                if not self.take(text):
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take(self, text: str) -> bool:
        silent = len(self.server.kept) == self.server.silent_at and not self.server.silent.is_set()
        if not silent or self.server.accepts:
            self.server.kept.append(text)
        if silent:
            self.server.silent.set()
            self.rfile.read()  # until the other side is gone
            return False
        self.say("250 taken over")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mailbox(request):
    with Mailbox(silent_at=1, accepts=request.param) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def three_due():
    owner = UserFactory(email="owner@example.org")
    AgreementFactory.create_batch(3, end_kind="date", ends_on="2027-05-30", owner=owner)


def run(mailbox) -> subprocess.Popen:
    database = connection.settings_dict
    where = f"host={database['HOST']}&port={database['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?{where}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.server_address[1]}",
    }
    command = [sys.executable, "manage.py", "send_reminders", "--on", str(TODAY)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE)


@pytest.mark.parametrize("mailbox, copies", [(False, 3), (True, 4)], indirect=["mailbox"])
def test_the_next_run_finishes_what_a_killed_one_left(mailbox, copies, three_due):
    """Killed before the server accepted: once each. Killed before we noted it: recognised as the same."""
    killed = run(mailbox)
    assert mailbox.silent.wait(60)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert ReminderMail.objects.filter(sent_at=None, attempts=1).count() == 1
    for _ in range(2):
        again = run(mailbox)
        again.communicate()
        assert again.returncode == 0
    assert len(mailbox.kept) == copies
    assert len(set(mailbox.identities())) == 3
    assert not ReminderMail.objects.filter(sent_at=None).exists()


def test_two_runs_at_once_send_each_mail_once(three_due):
    def job():
        try:
            send_reminders(on=TODAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=job) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == ReminderMail.objects.count() == 3
