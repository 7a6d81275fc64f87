"""``manage.py serve``: everything that ``make run`` does once the requirements are installed."""

import os
import sys
from argparse import ArgumentParser
from typing import NoReturn

from django.core.management.base import BaseCommand

from config.datadir import DataDirError
from config.serving import Stopped, serve


class Command(BaseCommand):
    """Start the database, bring it up to date, and serve until told to stop."""

    help = "Serves the registry with its database; Ctrl-C or SIGTERM stops everything."
    # The checks of the database need it up; they run inside.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args, host: str, port: str, **options) -> None:
        if not port.isdecimal() or not 0 < int(port) < 65536:
            self.refuse(f"PORT must be a number from 1 to 65535, not {port!r}.")
        try:
            serve(host, int(port), say=self.say)
        except DataDirError as error:
            self.refuse(str(error))
        except Stopped:
            self.say("Stopped. Everything is kept in the data folder.")

    def say(self, line: str) -> None:
        """Write a line at once, also into a pipe or a file."""
        self.stdout.write(line)
        self.stdout.flush()

    def refuse(self, line: str) -> NoReturn:
        """Say in one line why not, without the name of an exception in front."""
        self.stderr.write(line)
        sys.exit(1)
