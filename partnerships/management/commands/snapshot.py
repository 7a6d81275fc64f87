from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from partnerships.api.prepared import at_host
from partnerships.services.feed import tell_all
from partnerships.services.snapshots import FORMATS, write_folder


class Command(BaseCommand):
    help = "Write everything public, as it stands at one moment, into files with a manifest."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--format",
            action="append",
            choices=list(FORMATS),
            help="ndjson unless told; may be repeated",
        )
        parser.add_argument("--origin", default=settings.SITE_ADDRESS, help="the start of addresses")

    def handle(self, *args, folder: Path, origin: str, **options):
        tell_all()
        kinds = dict.fromkeys(options["format"] or ["ndjson"])
        manifest = write_folder(folder=folder, kinds=kinds, shown=partial(at_host, origin=origin.rstrip("/")))
        for file in manifest["files"]:
            self.stdout.write(f"{file['rows']:>9,}  {file['bytes']:>13,} bytes  {file['name']}")
