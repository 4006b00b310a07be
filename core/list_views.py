"""The faces of every list at once: its views and columns, and one thing done to many rows."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.bulk import MOST_ROWS, BulkAction, carry_out, pick, rehearse, take_back
from core.clock import db_now
from core.errors import NotFound, RuleBroken
from core.forms import ScopedForm
from core.lists import DROPPED, ListSpec, list_of, remember_columns, remove_view, save_view, shown_columns
from core.models import BulkRun, SavedView
from core.querysets import get_visible
from core.rules import require


class ViewForm(ScopedForm):
    """The name of a view, and whether the unit sees it."""

    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=40)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    shared = forms.BooleanField(label=gettext_lazy("My unit sees it too"), required=False)


def cleaned_query(query: str) -> str:
    """The part of an address that makes a view: filters and order, without pages and moments."""
    given = QueryDict(query[:1000], mutable=True)
    for word in DROPPED:
        given.pop(word, None)
    return urlencode([(name, value) for name, values in sorted(given.lists()) for value in values if value])


def address_of(spec: ListSpec, query: str = "", columns: list[str] | None = None) -> str:
    """The list's page with a filter and, where given, its own columns."""
    parts = [part for part in (query, f"columns={','.join(columns)}" if columns else "") if part]
    return f"{reverse(spec.url_name)}{'?' if parts else ''}{'&'.join(parts)}"


@require_GET
def list_panel(request: HttpRequest, code: str) -> HttpResponse:
    """Views kept for this list, the form that keeps the present one, and its columns."""
    spec = list_of(code)
    require(request.user, spec.permission)
    return render(request, "core/list_panel.html", _panel(request, spec, request.GET.get("query", "")))


def _panel(request: HttpRequest, spec: ListSpec, query: str, form: Any = None) -> dict[str, Any]:
    user: Any = request.user
    views = SavedView.objects.visible_to(user).filter(list_code=spec.code).for_list()
    asked = QueryDict(query).get("columns")
    kept = cleaned_query(query)
    return {
        "spec": spec,
        "query": kept,
        "views": [
            {"row": row, "url": address_of(spec, row.query, row.columns), "mine": row.owner_id == user.pk}
            for row in views
        ],
        "shown": shown_columns(spec, user, asked),
        "form": form or ViewForm(user=user, initial={"query": kept}),
        "links": [
            {"label": label, "url": f"{reverse(url_name)}?{urlencode({'query': kept})}"}
            for label, url_name, permission in spec.links
            if user.has_perm(permission)
        ],
    }


@require_POST
def list_columns(request: HttpRequest, code: str) -> HttpResponse:
    """Remember which columns this user wants to see."""
    spec = list_of(code)
    require(request.user, spec.permission)
    remember_columns(request.user, code, request.POST.getlist("columns"))
    return HttpResponseRedirect(address_of(spec, cleaned_query(request.POST.get("query", ""))))


@require_POST
def view_save(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the present filter and columns under a name."""
    spec = list_of(code)
    require(request.user, spec.permission)
    form = ViewForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            view = save_view(
                by=request.user,
                list_code=code,
                name=form.cleaned_data["name"].strip(),
                query=cleaned_query(form.cleaned_data["query"]),
                columns=request.POST.getlist("columns"),
                shared=form.cleaned_data["shared"],
            )
            return HttpResponseRedirect(address_of(spec, view.query, view.columns))
        except RuleBroken as refusal:
            form.add_refusal(refusal)
    context = _panel(request, spec, request.POST.get("query", ""), form)
    return render(request, "core/list_panel.html", context, status=400)


@require_POST
def view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    view = get_visible(SavedView, request.user, pk)
    spec = list_of(view.list_code)
    remove_view(view, by=request.user)
    return HttpResponseRedirect(address_of(spec))


# --- many rows at once --------------------------------------------------------------------------------------------------


def action_of(spec: ListSpec, code: str, user: Any) -> BulkAction:
    """The bulk action of a list. Raises NotFound for an unknown one, NotAllowed for one the user may do to no row."""
    action = next((one for one in spec.bulk if one.code == code), None)
    if action is None:
        raise NotFound()
    require(user, action.permission)
    return action


def picked_rows(request: HttpRequest, spec: ListSpec, given: QueryDict) -> tuple[list[Any], bool]:
    """The picked rows, or everything the filter finds, in the user's scope; and whether some were left out."""
    rows = spec.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
    if given.get("all"):
        filterset = spec.filterset(QueryDict(given.get("query", "")), queryset=rows, request=request)
        rows = filterset.qs if filterset.is_valid() else rows.none()
        ids = list(rows.order_by().values_list("pk", flat=True)[: MOST_ROWS + 1])
    else:
        ids = [int(one) for one in given.getlist("ids") if one.isdecimal()]
    visible = spec.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
    return pick(visible, ids), len(ids) > MOST_ROWS


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, code: str) -> HttpResponse:
    """Pick a value, see what would change and what is refused, then do it; nothing changes before the last step."""
    spec = list_of(code)
    require(request.user, spec.permission)
    given = request.POST if request.method == "POST" else request.GET
    action = action_of(spec, given.get("action", ""), request.user)
    rows, cut = picked_rows(request, spec, given)
    step = request.POST.get("step", "")
    form = action.form_class(request.POST if step else None, user=request.user)
    context: dict[str, Any] = {
        "spec": spec,
        "action": action,
        "rows": rows,
        "cut": cut,
        "most": MOST_ROWS,
        "form": form,
        "query": cleaned_query(given.get("query", "")),
        "back": address_of(spec, cleaned_query(given.get("query", ""))),
    }
    if not step:
        return render(request, "core/bulk.html", context)
    if not form.is_valid():
        return render(request, "core/bulk.html", context, status=400)
    now = db_now()
    if step == "preview":
        context["lines"] = rehearse(action, rows, form.cleaned_data, by=request.user, now=now)
        return render(request, "core/bulk.html", context)
    run, lines = carry_out(
        action, rows, form.cleaned_data, by=request.user, now=now, list_code=code, versions=_versions(request)
    )
    context |= {"run": run, "lines": [line for line in lines if line.refusal], "changed": len(run.done)}
    return render(request, "core/bulk.html", context)


def _versions(request: HttpRequest) -> dict[int, int]:
    """The versions the preview was based on, so that a row changed since is refused."""
    pairs = (pair.split(":") for pair in request.POST.getlist("seen") if pair.replace(":", "").isdecimal())
    return {int(pk): int(version) for pk, version in pairs}


@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a run of one's own back."""
    run = get_visible(BulkRun, request.user, pk)
    spec = list_of(run.list_code)
    rows = spec.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
    action = action_of(spec, run.action, request.user)
    back = take_back(run, action, rows, by=request.user, now=db_now())
    messages.success(
        request, ngettext("%(n)d row is as before.", "%(n)d rows are as before.", back) % {"n": back}
    )
    return HttpResponseRedirect(address_of(spec))
