"""System checks that belong to the installation as a whole."""

import ipaddress

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import Error as DatabaseError
from django.db import connections

from config.locale_check import database_problems, driver_problem
from partnerships.pictures import world


@register(Tags.compatibility)
def psycopg2_is_the_driver(app_configs, **kwargs) -> list[Error]:
    """Refuse psycopg 3: locks and history are written for psycopg2."""
    problem = driver_problem()
    return [Error(problem, id="config.E001")] if problem else []


@register(Tags.database)
def database_is_fit(app_configs, databases=None, **kwargs) -> list[Error]:
    """Refuse an old server, another encoding than UTF-8, and the C locale."""
    found = []
    for alias in databases or []:
        try:
            found += [Error(text, id="config.E002") for text in database_problems(connections[alias])]
        except DatabaseError as error:
            found.append(Error(f"The database does not answer: {error}", id="config.E003"))
    return found


@register(Tags.security)
def allowed_networks_are_networks(app_configs, **kwargs) -> list[Error]:
    """Refuse a network that is none, rather than find out at the first delivery."""
    found = []
    for text in settings.WEBHOOK_ALLOWED_NETWORKS:
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            found.append(Error(f"WEBHOOK_ALLOWED_NETWORKS: {error}", id="config.E004"))
    return found


@register()
def shapes_of_countries_are_installed(app_configs, **kwargs) -> list[Warning]:
    """Say where maps lack their countries, and how they get them."""
    if world.is_installed():
        return []
    hint = "Run “make install”, or “python -m config.browser.fetch” in its environment."
    return [
        Warning("Maps have no countries: what they take from npm is missing.", hint=hint, id="config.W001")
    ]
