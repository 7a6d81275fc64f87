from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from partnerships.choices import ImportKind, ImportState
from partnerships.models import ImportBatch, ImportProfile
from partnerships.services import importing
from partnerships.services.importing.working import work_on
from people.models import User


class Command(BaseCommand):
    help = "Import a spreadsheet of agreements by a profile that an office has kept."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="name of the profile")
        parser.add_argument("--user", required=True, help="username of the account in whose name it is done")
        parser.add_argument("--links", type=Path, help="a further file: parties of these agreements")
        parser.add_argument("--links-profile", help="its profile; else its columns are guessed")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, tell what would happen")

    def handle(self, *args, **options):
        user = User.objects.filter(username=options["user"]).first()
        profile = _profile(options["profile"], user)
        self._bring(options["file"], profile.kind, profile, user, options["dry_run"])
        if options["links"]:
            name = options["links_profile"]
            links = _profile(name, user) if name else profile
            self._bring(options["links"], ImportKind.PARTIES, links, user, options["dry_run"])

    def _bring(self, path: Path, kind: str, profile: ImportProfile, user, dry: bool) -> None:
        try:
            with path.open("rb") as stream:
                upload = File(stream, name=path.name)
                batch = importing.receive_upload(
                    upload=upload, filename=path.name, office=profile.office, by=user, kind=kind
                )
            batch = self._work(batch)
            mapping = importing.Mapping.load(profile.mapping)
            if profile.kind != kind:
                mapping.targets, mapping.orders = [column["guess"] for column in batch.columns], {}
            batch = self._work(importing.choose_mapping(batch=batch, by=user, mapping=mapping))
            if not dry and (batch.counts.get("new") or batch.counts.get("changed")):
                batch = self._work(importing.run_import(batch=batch, by=user))
        except OSError as error:
            raise CommandError(f"“{path}” cannot be read: {error.strerror}.") from error
        except (ValidationError, PermissionDenied) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(f"{path.name} ({batch.get_state_display().lower()}, import {batch.uid}):")
        for name, number in sorted(batch.counts.items()):
            self.stdout.write(f"  {name.replace('_', ' ')}: {number:,}")

    def _work(self, batch: ImportBatch) -> ImportBatch:
        """Do the job that an act left, and return the import as it stands then."""
        work_on(batch.pk)
        batch.refresh_from_db()
        if batch.error or batch.state == ImportState.UNREADABLE:
            raise CommandError(batch.error)
        return batch


def _profile(name: str, user) -> ImportProfile:
    if user is None:
        raise CommandError("There is no account of this name.")
    found = list(ImportProfile.objects.visible_to(user).filter(name=name)[:2])
    if len(found) != 1:
        raise CommandError(
            f"{'No' if not found else 'More than one'} profile “{name}” of an office of theirs."
        )
    return found[0]
