"""What the first start of an installation adds: demo records and a staff login to look around with.

``DEMO=false`` leaves both out, for a registry that is to hold real records.
"""

import secrets

import environ
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands

from config.datadir import keep_secret

USERNAME = "demo"


def wanted() -> bool:
    """True unless the operator said ``DEMO=false``."""
    return environ.Env().bool("DEMO", default=True)


def load_demo(say) -> None:
    """Load the demo records into an empty registry, once in the life of a data folder.

    Args:
        say: called with a line for the operator.
    """
    loaded = settings.DATA_DIR / "demo_loaded"
    if not wanted() or loaded.exists() or "load_demo" not in get_commands():
        return
    if not apps.get_model("partnerships", "Agreement").objects.exists():
        say("Loading the demo agreements …")
        call_command("load_demo", verbosity=0)
    loaded.touch(mode=0o600)


def make_demo_login() -> None:
    """Make the staff login of the demo, with a password of its own, where nobody can sign in yet."""
    users = get_user_model().objects
    if wanted() and not users.filter(is_superuser=True).exists():
        users.create_superuser(USERNAME, password=_password())


def banner(address: str) -> str:
    """Return the lines that tell the operator where the registry is and how to sign in.

    Args:
        address: where it is served, with a slash at the end.
    """
    lines = ["", f"  Entente is served at  {address}", f"  The admin is at       {address}admin/"]
    login = _login()
    if login:
        lines.append(f"  Staff login           {login}")
    return "\n".join(
        [*lines, f"  Data folder           {settings.DATA_DIR}", "  Ctrl-C stops everything.", ""]
    )


def _login() -> str:
    user = get_user_model().objects.filter(username=USERNAME, is_superuser=True, is_active=True).first()
    if user is None or not wanted():
        return ""
    password = _password()
    if user.check_password(password):
        return f"{USERNAME} / {password}"
    return f"{USERNAME}, with the password that you gave it"


def _password() -> str:
    return keep_secret(settings.DATA_DIR / "demo_login", _new_password)


def _new_password() -> str:
    # Without look-alikes: it is read from a terminal and perhaps typed.
    return "".join(secrets.choice("23456789abcdefghijkmnpqrstuvwxyz") for _ in range(16))
