"""Which content security policy holds at which address."""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings

# The admin's Alpine evaluates expressions in attributes and writes styles; public pages do neither.
_ADMIN = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
# Swagger UI writes styles; its start-up script comes from an address of its own (the split view).
_API_DOCS = {"style-src": [SELF, UNSAFE_INLINE]}
# Any site may frame these: there is nothing on them but links.
_FRAMED = {"frame-ancestors": ["*"], "form-action": [NONE]}

_EXCEPTIONS = (("/embed/", _FRAMED), ("/admin/", _ADMIN), ("/api/docs/", _API_DOCS))


def policy_for(path: str) -> dict | None:
    """Return the directives for an address, or None where the general policy holds.

    Args:
        path: the path of the request, without the query string.
    """
    for prefix, directives in _EXCEPTIONS:
        if path.startswith(prefix):
            return settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | directives
    return None
