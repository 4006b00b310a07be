"""The scoped base views: every page of the product is one of these or a short function.

They read rows through `visible_to(request.user)` only, ask permissions before showing, carry errors of the
domain back beside the fields, and give the full page or only the named partial to an htmx request.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from core.clock import db_now
from core.edits import save_versioned
from core.errors import NotFound, RuleBroken, StaleVersion
from core.flow import transitions_for, transitions_of
from core.forms import TransitionForm
from core.idempotency import FIELD, HEADER, once
from core.kept import Kept
from core.keyset import capped_count, first_of, page_of, paginate
from core.lists import look_of
from core.reconcile import reconciled, remember
from core.rules import require

HTTP_OK, HTTP_BAD_REQUEST, HTTP_CONFLICT = 200, 400, 409


class ScopedView(TemplateResponseMixin, ContextMixin, View):
    """Common ground: the model, its permission codes and template names guessed from the model's name."""

    model: ClassVar[type[models.Model]]
    role = ""  # template suffix: list, detail, form …
    partial = ""  # region of the template an htmx request gets
    permission = ""  # verb of the permission; the code is app.verb_model

    def code(self) -> str:
        """The permission code of this page."""
        meta = self.model._meta
        return f"{meta.app_label}.{self.permission}_{meta.model_name}"

    def rows(self) -> Any:
        """The rows this user may see."""
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]

    def get_object(self) -> Any:
        """The row of the URL, or 404 when it does not exist for this user."""
        # no order: one row needs none, and sorting by a long list of columns costs more than finding the row
        row = next(iter(self.detail_rows().filter(pk=self.kwargs["pk"]).order_by()), None)
        if row is None:
            raise NotFound()
        return row

    def detail_rows(self) -> Any:
        """The visible rows with what a detail page needs (`for_detail` where the app defines it)."""
        rows = self.rows()
        return rows.for_detail() if hasattr(rows, "for_detail") else rows

    def get_template_names(self) -> list[str]:
        meta = self.model._meta
        name = self.template_name or f"{meta.app_label}/{meta.model_name}_{self.role}.html"
        htmx = getattr(self.request, "htmx", None)
        if self.partial and htmx and not htmx.boosted and not htmx.history_restore_request:
            return [f"{name}#{self.partial}"]
        return [name]


class ScopedListView(ScopedView):
    """A list page: filter, search, closed orderings, keyset pages; an htmx request gets only `#table`."""

    role = "list"
    partial = "table"
    permission = "view"
    filterset_class: ClassVar[Any] = None
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}
    list_code = ""  # its name in core.lists: column choice, saved views, doing one thing to many rows
    page_size = 30  # one screen of 900 px holds 22 to 26 rows; more come by the pager

    def opening(self) -> Kept | None:
        """What is asked for most, put together once (see `opening_of`); None when something else is asked for."""
        return None

    def list_rows(self) -> Any:
        """The visible rows prepared for a list (`for_list` where the app defines it)."""
        rows = self.rows()
        return rows.for_list() if hasattr(rows, "for_list") else rows

    def few_rows(self) -> Any:
        """For a reader who sees few rows of a big table listed by its key: those rows, to be collected; else None."""
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, self.code())
        rows, few = self.list_rows(), self.few_rows()
        filterset = None
        if self.filterset_class is not None:
            filterset = self.filterset_class(request.GET, queryset=rows, request=request)
        ordering = request.GET.get("ordering") or next(iter(self.orderings))
        if ordering not in self.orderings:
            raise RuleBroken(errors={"ordering": [_("This list cannot be sorted that way.")]})
        fields = self.orderings[ordering]
        if (opening := self.opening()) is not None:
            found = opening.rows(request.user)
            page = page_of(found, fields, ordering=ordering, limit=self.page_size)
        else:
            if filterset is not None:
                rows = filterset.qs if filterset.is_valid() else rows.none()
            cursor = request.GET.get("cursor")
            page = paginate(
                rows, fields, ordering=ordering, cursor=cursor, limit=self.page_size,
                few=None if few is None else lambda: self.narrowed(few),
            )  # fmt: skip
        context = self.get_context_data(
            rows=page.rows,
            page=page,
            filter=filterset,
            ordering=ordering,
            orderings=list(self.orderings),
            now=db_now(),
        )
        if self.list_code:
            context["list"] = look_of(self.list_code, request.user, request.GET.get("columns"))
        if request.GET.get("count"):
            counted = rows if few is None else self.narrowed(few)
            context["count"], context["count_capped"] = capped_count(counted)
        return self.render_to_response(context)

    def narrowed(self, few: Any) -> Any:
        """The few rows as the filters of the address leave them."""
        if self.filterset_class is None:
            return few
        filterset = self.filterset_class(self.request.GET, queryset=few, request=self.request)
        return filterset.qs if filterset.is_valid() else few.none()


def opening_of(rows: Callable[[Any], Any], orderings: dict[str, tuple[str, ...]]) -> Kept:
    """The first page of a reader's rows in the first order."""
    fields = next(iter(orderings.values()))
    return Kept(lambda user: first_of(rows(user), fields, ScopedListView.page_size))


class ScopedDetailView(ScopedView):
    """A page about one row, with the steps this user may take on it."""

    role = "detail"
    permission = "view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object()
        require(request.user, self.code(), row)
        context = self.get_context_data(row=row, now=db_now())
        context[str(self.model._meta.model_name)] = row
        if transitions_of(self.model):
            context["transitions"] = transitions_for(row, request.user)
        return self.render_to_response(context)


class ScopedFormView(ScopedView):
    """A page with a form: checks shape, runs `perform` once per request key, keeps everything typed on refusal."""

    role = "form"
    partial = "form"
    form_class: ClassVar[Any] = None
    title: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""

    def get_form(self, data: Any = None, files: Any = None) -> BaseForm:
        """The bound or empty form, with the acting user."""
        return self.form_class(data, files, user=self.request.user, **self.get_form_kwargs())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form."""
        return {"initial": {**self.request.GET.dict(), **self.get_initial()}}

    def get_initial(self) -> dict[str, Any]:
        """Sensible defaults, so that people type less."""
        return {}

    def check(self) -> None:
        """Ask the permission before the form is shown or carried out."""
        require(self.request.user, self.code())

    def perform(self, form: Any) -> Any:
        """Carry the input out through the domain; returns the row it concerns."""
        raise NotImplementedError

    def get_success_url(self, row: Any) -> str:
        """Where to go afterwards: the row's own page."""
        return row.get_absolute_url()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        return self.render_form(self.get_form(), HTTP_OK)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        form: Any = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_form(form, HTTP_BAD_REQUEST)
        key = request.headers.get(HEADER) or request.POST.get(FIELD)
        try:
            answer, _repeat = once(
                key,
                user=request.user,
                route=request.path,
                body=request.POST.dict(),
                run=lambda: self._run(form),
            )
        except RuleBroken as refusal:
            form.add_refusal(refusal)
            return self.render_form(form, HTTP_BAD_REQUEST)
        return self.succeed(answer["url"])

    def _run(self, form: Any) -> dict[str, Any]:
        with transaction.atomic():
            return {"url": self.get_success_url(self.perform(form))}

    def succeed(self, url: str) -> HttpResponse:
        """Go on to the next page; htmx gets the address in a header."""
        if getattr(self.request, "htmx", None):
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def render_form(self, form: Any, status: int) -> HttpResponse:
        """The form page, with everything typed and the errors beside their fields."""
        context = self.get_context_data(form=form, title=self.title, submit_label=self.submit_label)
        return self.render_to_response(context, status=status)


class ScopedCreateView(ScopedFormView):
    """A form that makes a row."""

    permission = "add"


class ScopedUpdateView(ScopedFormView):
    """A form over one row, based on the version the user saw.

    A stale one comes back (409) over the row as it is now, with what was typed and what others wrote meanwhile.
    Without a `perform` of its own it writes the form's columns by `save_versioned`.
    """

    permission = "change"
    seen_version: str = ""

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form(self, data: Any = None, files: Any = None) -> BaseForm:
        return remember(super().get_form(data, files))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.row}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.seen_version or self.row.version
        return super().get_context_data(row=self.row, version=version, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.seen_version = request.POST.get("version", "")
        try:
            return super().post(request, *args, **kwargs)
        except StaleVersion:
            posted: Any = self.get_form(request.POST, request.FILES)
            if not any(field.show_hidden_initial for field in posted.fields.values()):
                raise
        self.check()  # reads the row as it is now
        self.seen_version = ""
        return self.render_form(reconciled(posted, self.get_form(), self.get_form), HTTP_CONFLICT)

    def perform(self, form: Any) -> Any:
        version = self.request.POST.get("version", "")
        return save_versioned(form, version=version, by=self.request.user)


class TransitionView(ScopedFormView):
    """The page or dialog of one state change; the URL's verb is the transition's name."""

    role = "transition"
    template_name = "components/transition_form.html"
    verb: ClassVar[str] = ""
    form_class: ClassVar[Any] = TransitionForm

    @property
    def permission(self) -> str:  # type: ignore[override]
        return self.verb

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def detail_rows(self) -> Any:
        return self.rows()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version, **self.get_initial()}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, verb=self.verb, **kwargs)

    def perform(self, form: Any) -> Any:
        arguments = dict(form.cleaned_data)
        version = arguments.pop("version", None)
        return getattr(self.row, self.verb)(by=self.request.user, version=version, **arguments)


def transition_paths(
    model: type[models.Model],
    plural: str,
    forms: dict[str, Any] | None = None,
    labels: dict[str, Any] | None = None,
) -> list[Any]:
    """URL patterns `<plural>/<pk>/<verb>/` named `<model>_<verb>` for every transition of a model.

    `forms` gives a verb its form (default: only the version), `labels` its title and button.
    """
    forms, labels = forms or {}, labels or {}
    patterns = []
    for verb in transitions_of(model):
        view: Any = type(
            f"{model.__name__}{verb.title().replace('_', '')}View",
            (TransitionView,),
            {
                "model": model,
                "verb": verb,
                "form_class": forms.get(verb, TransitionForm),
                "title": labels.get(verb, verb),
                "submit_label": labels.get(verb, verb),
                "__module__": model.__module__,
            },
        )
        patterns.append(
            path(f"{plural}/<int:pk>/{verb}/", view.as_view(), name=f"{model._meta.model_name}_{verb}")
        )
    return patterns
