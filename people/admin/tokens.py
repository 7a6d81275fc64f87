"""API tokens: issued and shown once, revoked with a button, never shown again."""

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

from people.authority import managed_tokens
from people.models import ApiToken, Scope
from people.services.tokens import issue_token, revoke_token

from .base import RegistryModelAdmin, typed_reason
from .forms import add_errors
from .token_form import IssueTokenForm

_STATES = {"usable": "success", "expired": "warning", "revoked": "danger"}


@admin.register(ApiToken)
class ApiTokenAdmin(RegistryModelAdmin):
    list_display = ("name", "prefix", "scope_list", "office", "state", "last_used_at", "expires_at")
    list_select_related = ("office",)
    search_fields = ("name", "prefix")
    fields = (
        "name",
        "prefix",
        "scope_names",
        "office",
        "state",
        ("created_at", "expires_at"),
        ("last_used_at", "revoked_at"),
    )
    readonly_fields = ("scope_names", "state")
    change_form_outer_before_template = "admin/people/apitoken/revoke.html"

    def get_queryset(self, request):
        return managed_tokens(request.user).select_related("office").order_by("name")

    def has_change_permission(self, request, obj=None) -> bool:
        """A token never changes: it is issued, and one day revoked."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """The history names tokens by their id."""
        return False

    def get_urls(self):
        revoke = path(
            "<int:key>/revoke/", self.admin_site.admin_view(self.revoke_view), name="people_apitoken_revoke"
        )
        return [revoke, *super().get_urls()]

    @method_decorator([csrf_protect, never_cache])
    def add_view(self, request, form_url="", extra_context=None):
        """Issue a token. Its secret stands on the answer to this very request and nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = IssueTokenForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid() and (issued := self._issue(request, form)):
            return self._page(request, "issued", "API token issued", token=issued[0], secret=issued[1])
        return self._page(request, "issue", "Issue an API token", form=form)

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
        return HttpResponseRedirect(reverse("admin:people_apitoken_change", args=[token.pk]))

    @sensitive_variables("secret")
    def _issue(self, request, form: IssueTokenForm) -> tuple[ApiToken, str] | None:
        try:
            return issue_token(**form.facts(), by=request.user)
        except ValidationError as error:
            add_errors(form, error)
            return None

    def _page(self, request, name: str, title: str, **facts) -> TemplateResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **facts}
        return TemplateResponse(request, f"admin/people/apitoken/{name}.html", context)

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
        if token.revoked_at:
            return "revoked"
        return "expired" if token.expires_at and token.expires_at <= timezone.now() else "usable"
