"""``manage.py check_documents``: hold the stored files against the registry."""

from django.core.management.base import BaseCommand, CommandError

from partnerships.services.stored_files import delete_orphans, file_faults, orphans


class Command(BaseCommand):
    """Ends with an error where a file is missing or is not the one that was taken in."""

    help = "Reads every stored file of a document and holds its SHA-256 against the registry."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--delete-orphans",
            action="store_true",
            help="delete files that no document and no history names, if they are older than a day",
        )

    def handle(self, *args, **options) -> None:
        faults = 0
        for fault in file_faults():
            faults += 1
            print(fault)
        if options["delete_orphans"]:
            print(f"{delete_orphans()} files that nobody names were deleted.")
        else:
            for name in orphans():
                print(f"nobody names the file {name}")
        if faults:
            raise CommandError(f"{faults} files are missing or differ.")
        print("Every file of a document is there, and is the one that was taken in.")
