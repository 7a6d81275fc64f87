"""Pages on which two institutions are made one: the queue, the preview, the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.views.decorators.csrf import csrf_protect

from partnerships.choices import NameKind
from partnerships.models import Institution, InstitutionMerge
from partnerships.services.candidates import candidates
from partnerships.services.duplicates import not_the_same, waiting_pairs
from partnerships.services.merging import merge_institutions, plan_merge, unmerge_institutions
from partnerships.services.merging.merge import PERMISSION
from people.admin.base import typed_reason

PER_PAGE = 25
_NAME_KINDS = [(NameKind.ALIAS, "also known as"), (NameKind.FORMER, "former name")]


class MergingMixin:
    """Mixin of the model admin of institutions."""

    def get_urls(self):
        def page(address: str, view, name: str):
            return path(address, self.admin_site.admin_view(view), name=f"partnerships_institution_{name}")

        return [
            page("duplicates/", self.duplicates_view, "duplicates"),
            page("<int:key>/merge/", self.merge_view, "merge"),
            page("merges/<int:key>/undo/", self.unmerge_view, "unmerge"),
            *super().get_urls(),
        ]

    @method_decorator(csrf_protect)
    def duplicates_view(self, request):
        """Pairs that are likely the same; of each one may say that it is not, or merge it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._say_not_the_same(request)
        page = Paginator(waiting_pairs(request.user), PER_PAGE).get_page(request.GET.get("p"))
        pairs = list(page.object_list)
        keys = {key for pair in pairs for key in (pair.a_id, pair.b_id)}
        rows = Institution.objects.filter(pk__in=keys).with_agreement_count(request.user)
        counts = dict(rows.order_by().values_list("pk", "agreement_count"))
        for pair in pairs:
            pair.sides = [(one, counts.get(one.pk, 0)) for one in (pair.a, pair.b)]
        return self._page(
            request,
            "duplicates",
            "Possible duplicates",
            page=page,
            pairs=pairs,
            may_merge=request.user.has_perm(PERMISSION),
            may_say=request.user.has_perm("partnerships.change_institution"),
        )

    def _say_not_the_same(self, request):
        pair = get_object_or_404(waiting_pairs(request.user), pk=_number(request.POST.get("pair")))
        not_the_same(one=pair.a, other=pair.b, by=request.user, reason=typed_reason(request))
        messages.success(request, f"“{pair.a}” and “{pair.b}” are two; they are not proposed again.")
        return HttpResponseRedirect(request.get_full_path())

    @method_decorator(csrf_protect)
    def merge_view(self, request, key: int):
        """Choose the other one, look at what would move, and merge."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        one = self.get_object(request, str(key))
        if one is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
        asked = request.POST or request.GET
        other = self.get_object(request, asked["other"]) if _number(asked.get("other")) else None
        if other is None or other.pk == one.pk:
            return self._choose_other(request, one, asked)
        survivor, merged = self._sides(request, one, other, asked.get("survivor"))
        if request.method == "POST" and (done := self._merge(request, survivor, merged)):
            return done
        plan = plan_merge(survivor=survivor, merged=merged, user=request.user)
        return self._page(
            request,
            "merge",
            "Merge two institutions",
            one=one,
            other=other,
            plan=plan,
            name_kinds=_NAME_KINDS,
        )

    def _choose_other(self, request, one: Institution, asked):
        name = (asked.get("name") or "").replace("\x00", "")[:500] or one.name
        found = candidates(name=name, user=request.user, country=one.country_id, limit=11)
        return self._page(
            request,
            "choose_other",
            f"Merge “{one}” with another one",
            one=one,
            typed=name,
            found=[row for row in found if row.institution.pk != one.pk],
        )

    def _sides(self, request, one: Institution, other: Institution, survivor: str | None):
        """Who stays: as chosen; else the one that ROR knows, that has more agreements, that is older."""
        if _number(survivor) in (one.pk, other.pk):
            return (one, other) if _number(survivor) == one.pk else (other, one)
        rows = Institution.objects.filter(pk__in=[one.pk, other.pk]).with_agreement_count(request.user)
        counts = dict(rows.order_by().values_list("pk", "agreement_count"))
        ranked = sorted((one, other), key=lambda row: (not row.ror_id, -counts.get(row.pk, 0), row.pk))
        return tuple(ranked)

    def _merge(self, request, survivor: Institution, merged: Institution):
        kind = request.POST.get("name_kind")
        try:
            merge_institutions(
                survivor=survivor,
                merged=merged,
                by=request.user,
                reason=typed_reason(request),
                name_kind=kind if kind in dict(_NAME_KINDS) else NameKind.ALIAS,
            )
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            if getattr(error, "code", None) == "merged":
                return HttpResponseRedirect(reverse("admin:partnerships_institution_duplicates"))
            return None
        messages.success(
            request,
            f"“{merged}” is one with “{survivor}” now. Its old addresses lead here; it can be undone below.",
        )
        return HttpResponseRedirect(_change_page(survivor))

    @method_decorator(csrf_protect)
    def unmerge_view(self, request, key: int):
        """Ask whether a merge shall be undone, and undo it."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        merge = get_object_or_404(InstitutionMerge.objects.select_related("survivor", "merged", "by"), pk=key)
        if request.method != "POST":
            return self._page(request, "unmerge", "Undo a merge", merge=merge)
        try:
            parted = unmerge_institutions(merge=merge, by=request.user, reason=typed_reason(request))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())
        messages.success(request, f"“{merge.merged}” stands for itself again.")
        for told in parted.kept[:20]:
            messages.warning(request, told)
        return HttpResponseRedirect(_change_page(merge.merged))

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """The pages of one that was merged lead to the survivor."""
        merged = Institution._base_manager.filter(pk=_number(object_id), merged_into__isnull=False).first()
        if merged is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        messages.info(request, f"“{merged}” was merged into “{merged.merged_into}”, which you see now.")
        return HttpResponseRedirect(_change_page(merged.merged_into))

    def _page(self, request, name: str, title: str, **context):
        context |= self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/partnerships/institution/{name}.html", context)


def merging_of(institution: Institution, user):
    """What was merged into an institution, with the way back, and the way to merge it."""
    if not institution.pk:
        return "—"
    merges = InstitutionMerge.objects.filter(survivor=institution, undone_at=None).select_related("merged")
    may = user.has_perm(PERMISSION)
    lines = [
        format_html(
            "“{}”, {}{}",
            merge.merged,
            merge.at.date().isoformat(),
            format_html(
                ' · <a class="text-link" href="{}">Undo…</a>',
                reverse("admin:partnerships_institution_unmerge", args=[merge.pk]),
            )
            if may
            else "",
        )
        for merge in merges
    ]
    if may:
        address = reverse("admin:partnerships_institution_merge", args=[institution.pk])
        lines.append(format_html('<a class="text-link" href="{}">Merge with another one…</a>', address))
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines)) or "—"


def _number(text) -> int | None:
    """A key that came with a request; None where it is none."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _change_page(institution: Institution) -> str:
    return reverse("admin:partnerships_institution_change", args=[institution.pk])
