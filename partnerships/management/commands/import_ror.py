import sys
import time
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from partnerships.services.ror import DumpError, import_ror
from partnerships.services.ror.report import Refusal

_SHOWN = 20
_SECONDS_BETWEEN_LINES = 10


class Command(BaseCommand):
    help = "Bring institutions in step with a ROR v2 dump (.json, .json.gz or the published .zip)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--report", type=Path, help="write every refusal to this file, as NDJSON")
        parser.add_argument("--no-progress", action="store_true", help="say nothing until the end")

    def handle(self, *args, **options):
        started = time.monotonic()
        with ExitStack() as stack:
            refusals = Refusals(self.stderr, _opened(stack, options["report"]))
            progress = None if options["no_progress"] else stack.enter_context(Progress(sys.stderr))
            try:
                report = import_ror(path=options["file"], on_refusal=refusals, on_progress=progress)
            except DumpError as error:
                raise CommandError(str(error)) from error
        refusals.close()
        self.stdout.write("\n".join(report.lines()))
        self.stdout.write(f"Took {time.monotonic() - started:,.0f} s.")


def _opened(stack: ExitStack, path: Path | None):
    if path is None:
        return None
    try:
        return stack.enter_context(path.open("w", encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"The report “{path}” cannot be written: {error.strerror}.") from error


class Refusals:
    """Prints the first refusals and writes all of them to the report."""

    def __init__(self, stderr, file) -> None:
        self.stderr, self.file, self.count = stderr, file, 0

    def __call__(self, refusal: Refusal) -> None:
        self.count += 1
        if self.count <= _SHOWN:
            with tqdm.external_write_mode(file=sys.stderr):
                self.stderr.write(f"Refused: {refusal}")
        if self.file:
            self.file.write(refusal.as_json() + "\n")

    def close(self) -> None:
        if self.count > _SHOWN:
            where = "all are in the report" if self.file else "--report FILE keeps them all"
            self.stderr.write(f"… and {self.count - _SHOWN:,} more refusals; {where}.")


class Progress:
    """A bar on a terminal, a line now and then anywhere else."""

    def __init__(self, stream) -> None:
        self.stream, self.spoken = stream, time.monotonic()
        self.bar = None
        if stream.isatty():
            form = "{percentage:3.0f}% |{bar}| {postfix} [{elapsed}<{remaining}]"
            self.bar = tqdm(total=1.0, file=stream, bar_format=form, leave=False)

    def __enter__(self):
        return self

    def __exit__(self, *failure) -> None:
        if self.bar is not None:
            self.bar.close()

    def __call__(self, records: int, fraction: float) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(f"{records:,} records", refresh=False)
            self.bar.update(fraction - self.bar.n)
        elif time.monotonic() - self.spoken >= _SECONDS_BETWEEN_LINES:
            self.spoken = time.monotonic()
            self.stream.write(f"{records:,} records, {fraction:.0%} of the file\n")
            self.stream.flush()
