"""Who calls the API: a system with a token."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from people.principals import TokenPrincipal
from people.services.tokens import find_token, note_use


class BearerTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer ent_…``; ``request.user`` becomes the token's principal."""

    def authenticate(self, request):
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        try:
            token = find_token(secret.decode("ascii").strip())
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise AuthenticationFailed("This token is unknown, has expired or was revoked.")
        note_use(token)
        return TokenPrincipal(token), token

    def authenticate_header(self, request) -> str:
        return "Bearer"
