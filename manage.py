#!/usr/bin/env python3
"""The one door for commands: ``python manage.py COMMAND``."""

import os
import sys


def main() -> None:
    """Run a Django command, with the embedded database up while it needs one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.commands import database_for
    from config.datadir import DataDirError

    try:
        with database_for(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except DataDirError as error:
        sys.exit(f"entente: {error}")


if __name__ == "__main__":
    main()
