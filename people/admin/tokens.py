"""API tokens: issued, rotated, changed and revoked; each secret is shown once and never again."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_variables
from unfold.decorators import display

from people.authority import managed_tokens, may_issue
from people.models import ApiToken, Scope, TokenState
from people.services.tokens import issue_token, revise_token, revoke_token, rotate_token

from .base import RegistryModelAdmin, typed_reason
from .forms import add_errors
from .token_form import IssueTokenForm, ReviseTokenForm, RotateTokenForm

_STATES = {
    TokenState.USABLE: "success",
    TokenState.EXPIRING: "warning",
    TokenState.EXPIRED: "danger",
    TokenState.REVOKED: "danger",
}


class StateFilter(admin.SimpleListFilter):
    """What state a token is in today."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return TokenState.choices

    def queryset(self, request, queryset):
        return queryset.in_state(self.value()) if self.value() in TokenState.values else queryset


@admin.register(ApiToken)
class ApiTokenAdmin(RegistryModelAdmin):
    # Rights are given by who may give them, never put back.
    reverting = False
    list_display = ("name", "prefixes", "scope_list", "whose", "state", "last_use", "expires_at")
    list_filter = (StateFilter,)
    list_select_related = ("office",)
    when_empty = (
        "With a token a program reads more than the public may, writes records or makes webhooks. "
        "What is public needs none. Issue one for each system that shall have access."
    )
    search_fields = ("name", "prefix", "old_prefix", "contact")
    fields = (
        "name",
        "secrets",
        "scope_names",
        "whose",
        "state",
        ("created_at", "expires_at"),
        ("last_use", "revoked_at"),
        ("network_list", "limit"),
        "contact",
        "notes",
    )
    readonly_fields = ("secrets", "scope_names", "whose", "state", "last_use", "network_list", "limit")
    change_form_outer_before_template = "admin/people/apitoken/acts.html"

    def get_queryset(self, request):
        return managed_tokens(request.user).select_related("office").order_by("name")

    def has_change_permission(self, request, obj=None) -> bool:
        """What a token may do never changes; the rest has pages of its own."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """The history names tokens by their id."""
        return False

    def get_urls(self):
        acts = [
            path(
                f"<int:key>/{name}/",
                self.admin_site.admin_view(getattr(self, f"{name}_view")),
                name=f"people_apitoken_{name}",
            )
            for name in ("rotate", "revise", "revoke")
        ]
        return [*acts, *super().get_urls()]

    @method_decorator([csrf_protect, never_cache])
    def add_view(self, request, form_url="", extra_context=None):
        """Issue a token. Its secret stands on the answer to this very request and nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = IssueTokenForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            issued = self._told(form, issue_token, **form.facts(), by=request.user)
            if issued is not None:
                return self._page(request, "issued", "API token issued", token=issued[0], secret=issued[1])
        return self._page(request, "issue", "Issue an API token", form=form)

    @method_decorator([csrf_protect, never_cache])
    def rotate_view(self, request, key: int):
        """Give a token a new secret, shown like the first."""
        return self._with_token(request, key, self._rotate)

    @method_decorator([csrf_protect, never_cache])
    def revise_view(self, request, key: int):
        """Change what may change of a token."""
        return self._with_token(request, key, self._revise)

    @method_decorator(csrf_protect)
    def revoke_view(self, request, key: int):
        """Make a token unusable at once."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        token = self.get_object(request, str(key))
        if token is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
        if token.revoked_at is None:
            revoke_token(token=token, by=request.user, reason=typed_reason(request) or "token revoked")
            messages.success(request, f"“{token}” is revoked: it opens nothing any more.")
        return HttpResponseRedirect(self._address(token))

    # --- the acts ------------------------------------------------------------------------------------

    def _with_token(self, request, key: int, act):
        """Let ``act`` show its page for a token that stands and that this person may issue."""
        token = self.get_object(request, str(key))
        if token is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
        if not may_issue(request.user, token.office, token.scopes):
            raise PermissionDenied
        if token.revoked_at is not None:
            messages.error(request, f"“{token}” is revoked. Issue another one.")
            return HttpResponseRedirect(self._address(token))
        return act(request, token)

    def _rotate(self, request, token: ApiToken):
        form = RotateTokenForm(request.POST or None, token=token)
        if request.method == "POST" and form.is_valid():
            reason = typed_reason(request) or "token rotated"
            facts = form.facts() | {"by": request.user, "reason": reason}
            secret = self._told(form, rotate_token, token=token, **facts)
            if secret is not None:
                token.refresh_from_db()
                return self._page(request, "issued", "API token rotated", token=token, secret=secret)
        return self._page(request, "rotate", f"Rotate “{token}”", form=form, token=token)

    def _revise(self, request, token: ApiToken):
        form = ReviseTokenForm(request.POST or None, token=token, user=request.user)
        if request.method == "POST" and form.is_valid():
            reason = typed_reason(request) or "token changed"
            facts = form.facts() | {"by": request.user, "reason": reason}
            if self._told(form, revise_token, token=token, **facts) is not None:
                messages.success(request, f"“{token}” is changed, from the next request on.")
                return HttpResponseRedirect(self._address(token))
        return self._page(request, "revise", f"Change “{token}”", form=form, token=token)

    @sensitive_variables()
    def _told(self, form, act, **facts):
        """Do ``act``, or show at the form what it refuses and return None."""
        try:
            return act(**facts)
        except ValidationError as error:
            add_errors(form, error)
            return None

    def _address(self, token: ApiToken) -> str:
        return reverse("admin:people_apitoken_change", args=[token.pk])

    def _page(self, request, name: str, title: str, **facts) -> TemplateResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **facts}
        return TemplateResponse(request, f"admin/people/apitoken/{name}.html", context)

    # --- what lists and the page show -----------------------------------------------------------------

    @admin.display(description="Begins with", ordering="prefix")
    def prefixes(self, token: ApiToken) -> str:
        """The same in a list, where there is less room."""
        return f"{token.prefix}, {token.old_prefix}" if token.old_works() else token.prefix

    @admin.display(description="Office", ordering="office__name")
    def whose(self, token: ApiToken) -> str:
        """On whose behalf it acts."""
        return token.office.name if token.office else "all offices"

    @admin.display(description="Begins with")
    def secrets(self, token: ApiToken) -> str:
        """How its secrets begin: the present one, and the one before while it works."""
        if not token.old_works():
            return token.prefix
        used = f"last used {_moment(token.old_used_at)}" if token.old_used_at else "not used since"
        return f"{token.prefix}; {token.old_prefix} until {_moment(token.old_works_until)} ({used})"

    @admin.display(description="Scopes")
    def scope_list(self, token: ApiToken) -> str:
        """As programs spell them."""
        return ", ".join(token.scopes)

    @admin.display(description="Scopes")
    def scope_names(self, token: ApiToken) -> str:
        """As people read them."""
        return "; ".join(str(Scope(scope).label) for scope in token.scopes)

    @display(description="State", label=_STATES)
    def state(self, token: ApiToken) -> str:
        """Whether it opens anything at this moment."""
        return token.state_at().value

    @admin.display(description="Last used", ordering="last_used_at")
    def last_use(self, token: ApiToken) -> str:
        """When, and from where."""
        if token.last_used_at is None:
            return "never"
        return _moment(token.last_used_at) + (f" from {token.last_used_from}" if token.last_used_from else "")

    @admin.display(description="Allowed networks")
    def network_list(self, token: ApiToken) -> str:
        """From where it may be used."""
        return ", ".join(token.networks) or "everywhere"

    @admin.display(description="Rate limit")
    def limit(self, token: ApiToken) -> str:
        """Units a minute."""
        if token.rate_limit is None:
            return "as the installation is set"
        return f"{token.rate_limit:,} units a minute" if token.rate_limit else "none"


def _moment(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
