"""The WSGI application, for gunicorn or any other server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from people.statements import limit_from_now_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Said once when a connection is opened, it costs no request anything. Commands never come here.
limit_from_now_on(connections, settings.STATEMENT_TIMEOUT_MS)

# Every view is loaded before workers are forked, not by the first request of each.
get_resolver().url_patterns  # noqa: B018
