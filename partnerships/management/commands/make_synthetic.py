import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from partnerships.services.ror import DumpError
from partnerships.services.synthetic import MOST_AGREEMENTS, Refused, make_synthetic, standing

_SECONDS_BETWEEN_LINES = 10


class Command(BaseCommand):
    help = (
        "Fill the registry with synthetic agreements, all plainly marked, to measure and to try things on. "
        "Meant for a data folder of its own: DATA_DIR=/path/to/a/new/folder manage.py make_synthetic …"
    )

    def add_arguments(self, parser):
        parser.add_argument("--agreements", type=int, required=True, help="how many")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same records")
        parser.add_argument(
            "--institutions", type=Path, metavar="FILE", help="a ROR dump; without one they are invented"
        )
        parser.add_argument("--beside", action="store_true", help="also where real agreements stand")
        parser.add_argument(
            "--yes", action="store_true", help="replace standing synthetic records without asking"
        )

    def handle(self, *args, **options):
        if not 1 <= options["agreements"] <= MOST_AGREEMENTS:
            raise CommandError(f"--agreements: give a number from 1 to {MOST_AGREEMENTS:,}.")
        if not options["yes"]:
            self.ask()
        started = time.monotonic()
        try:
            make_synthetic(
                agreements=options["agreements"],
                seed=options["seed"],
                institutions=options["institutions"],
                beside=options["beside"],
                on_progress=Progress(self.stderr),
            )
        except Refused as refused:
            raise CommandError(
                f"{refused} Start with a folder of its own: "
                f"DATA_DIR=/path/to/a/new/folder {Path(sys.executable).name} manage.py migrate, then "
                "make_synthetic in the same way; or say --beside to add them here all the same."
            ) from refused
        except DumpError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                f"{options['agreements']:,} synthetic agreements made in {time.monotonic() - started:,.0f} s."
            )

    def ask(self) -> None:
        """Ask before synthetic records that stand are replaced; without a terminal, refuse."""
        stands = standing()
        if not stands.synthetic or stands.real:
            return
        question = f"The {stands.synthetic:,} synthetic agreements that stand here will be replaced."
        if not sys.stdin.isatty():
            raise CommandError(f"{question} Say --yes if that is meant.")
        if input(f"{question} Go on? [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was changed.")


class Progress:
    """A line now and then, and one for each part of the work."""

    def __init__(self, stream) -> None:
        self.stream, self.spoken, self.what = stream, 0.0, ""

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if what == self.what and done < of and now - self.spoken < _SECONDS_BETWEEN_LINES:
            return
        self.what, self.spoken = what, now
        self.stream.write(f"{what}: {done:,} of {of:,}")
        self.stream.flush()
