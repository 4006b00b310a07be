"""The scoped viewset: lists and rows from `visible_to`, writes through forms, one route per transition."""

from typing import Any, ClassVar

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.clock import db_now
from core.edits import save_versioned
from core.errors import NotFound, RuleBroken
from core.flow import transitions_for, transitions_of
from core.forms import TransitionForm
from core.idempotency import HEADER, once
from core.keyset import capped_count, paginate
from core.rules import require

LIST_WORDS = {"search", "ordering", "limit", "cursor", "count", "actions", "format"}
DEFAULT_LIMIT = 50
Verbs = list[str]


class ScopedViewSet(GenericViewSet):
    """Read and write one resource.

    Set `model`, `serializer_class` (reading), optionally `detail_serializer_class`, `filterset_class`,
    `orderings`, `create_form_class` + `perform_create(form)`, `update_form_class`, `transition_forms`.
    A resource without a create or update form answers 405.
    """

    model: ClassVar[type[models.Model]]
    detail_serializer_class: ClassVar[Any] = None
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}
    filterset_class: ClassVar[Any] = None
    create_form_class: ClassVar[Any] = None
    update_form_class: ClassVar[Any] = None
    transition_forms: ClassVar[dict[str, Any]] = {}
    lookup_value_regex = r"\d{1,18}"
    filter_backends: Any = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "model" not in vars(cls):
            return
        for verb in transitions_of(cls.model):
            name = (
                f"{verb}_row" if hasattr(GenericViewSet, verb) else verb
            )  # `dispatch` is the framework's own
            if name not in vars(cls):
                form_class = cls.transition_forms.get(verb, TransitionForm)
                setattr(cls, name, _transition_action(verb, name, form_class))
        if cls.create_form_class is not None and "create" not in vars(cls):
            cls.create = _create  # type: ignore[attr-defined]
        if cls.update_form_class is not None and "partial_update" not in vars(cls):
            cls.partial_update = _partial_update  # type: ignore[attr-defined]

    # reading

    def demand(self, verb: str, row: models.Model | None = None) -> None:
        """Refuse who may not use a verb; a resource whose rows ask another row's right answers there."""
        require(self.request.user, self.code(verb), row)

    def code(self, verb: str) -> str:
        """The permission code of a verb on this resource."""
        return f"{self.model._meta.app_label}.{verb}_{self.model._meta.model_name}"

    def get_queryset(self) -> Any:
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]

    def list_rows(self) -> Any:
        """Visible rows prepared for a list."""
        rows = self.get_queryset()
        return rows.for_list() if hasattr(rows, "for_list") else rows

    def few_rows(self) -> Any:
        """For a reader who sees few rows of a big table listed by its key: those rows, to be collected; else None."""
        return None

    def detail_rows(self) -> Any:
        """Visible rows prepared for one answer."""
        rows = self.get_queryset()
        return rows.for_detail() if hasattr(rows, "for_detail") else rows

    def get_object(self) -> Any:
        row = self.detail_rows().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise NotFound()
        return row

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A keyset page; `?count=1` adds a count capped at 10,000, `?actions=1` the possible steps."""
        self.demand("view")
        rows = self.filter_rows(self.list_rows(), request.query_params)
        few = self.few_rows()
        ordering = request.query_params.get("ordering") or next(iter(self.orderings))
        if ordering not in self.orderings:
            raise RuleBroken(
                errors={"ordering": [_("One of: %(names)s") % {"names": ", ".join(self.orderings)}]}
            )
        page = paginate(
            rows,
            self.orderings[ordering],
            ordering=ordering,
            cursor=request.query_params.get("cursor"),
            limit=_limit(request.query_params.get("limit")),
            few=None if few is None else lambda: self.filter_rows(few, request.query_params),
        )
        body: dict[str, Any] = {
            "next": page.next,
            "previous": page.previous,
            "results": self.get_serializer(page.rows, many=True).data,
        }
        if request.query_params.get("actions") == "1":
            for row, shown in zip(page.rows, body["results"], strict=True):
                shown["available_actions"] = self.available_actions(row)
        if request.query_params.get("count") == "1":
            counted = rows if few is None else self.filter_rows(few, request.query_params)
            body["count"], body["count_capped"] = capped_count(counted)
        return Response(body)

    def filter_rows(self, rows: Any, params: QueryDict) -> Any:
        """Apply the resource's filters; an unknown parameter is refused rather than ignored."""
        known = set(LIST_WORDS)
        if self.filterset_class is not None:
            filterset = self.filterset_class(params, queryset=rows, request=self.request)
            known |= set(filterset.form.fields)
            if not filterset.is_valid():
                raise RuleBroken(errors={name: list(found) for name, found in filterset.errors.items()})
            rows = filterset.qs
        unknown = sorted(set(params) - known)
        if unknown:
            raise RuleBroken(errors={name: [_("Unknown filter.")] for name in unknown})
        return rows

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row with the steps this user may take."""
        row = self.get_object()
        self.demand("view", row)
        return Response(self.represent(row))

    def available_actions(self, row: models.Model) -> Verbs:
        """Verbs this user may use on the row now."""
        return (
            [step.verb for step in transitions_for(row, self.request.user)]
            if transitions_of(self.model)
            else []
        )

    def represent(self, row: models.Model) -> dict[str, Any]:
        """The full answer about one row, read again so that it shows what is stored."""
        fresh = self.detail_rows().filter(pk=row.pk).first() or row
        serializer = (self.detail_serializer_class or self.get_serializer_class())(
            fresh, context=self.get_serializer_context()
        )
        return {**serializer.data, "available_actions": self.available_actions(fresh)}

    # writing

    def perform_create(self, form: Any) -> models.Model:
        """Carry a checked create form out through the domain; returns the row."""
        raise NotImplementedError

    def perform_update(self, form: Any, version: Any) -> models.Model:
        """Write a checked update form; a resource with consequences of an edit overrides it."""
        return save_versioned(form, version=version, by=self.request.user)

    def checked_form(self, form_class: Any, data: Any, **kwargs: Any) -> Any:
        """A valid form over JSON or form data. Unknown names and wrong shapes are refused with 400."""
        fields = set(form_class.base_fields)
        refuse_unknown(data, fields)
        form = form_class(as_form_data(data), self.request.FILES or None, user=self.request.user, **kwargs)
        if not form.is_valid():
            raise RuleBroken(
                _("Please correct the marked fields."),
                code="invalid",
                errors={
                    ("non_field_errors" if name == "__all__" else name): list(found)
                    for name, found in form.errors.items()
                },
            )
        return form

    def answer_once(self, request: Request, run: Any, *, created: bool = False) -> Response:
        """Run a write under the request's Idempotency-Key and answer with the row it made or changed."""
        body = request.data if isinstance(request.data, dict) else {}
        answer, _repeat = once(
            request.headers.get(HEADER),
            user=request.user,
            route=request.path,
            body=dict(body),
            run=lambda: {"pk": run().pk},
        )
        row = self.detail_rows().filter(pk=answer["pk"]).first()
        shown = self.represent(row) if row is not None else {"id": answer["pk"]}
        return Response(shown, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


def _create(self: ScopedViewSet, request: Request, *args: Any, **kwargs: Any) -> Response:
    """Make a row from the create form."""
    self.demand("add")
    form = self.checked_form(self.create_form_class, request.data)
    return self.answer_once(request, lambda: self.perform_create(form), created=True)


def _partial_update(self: ScopedViewSet, request: Request, *args: Any, **kwargs: Any) -> Response:
    """Change named columns of a row; `version` must be the one the change is based on."""
    row = self.get_object()
    self.demand("change", row)
    sent = dict(request.data)
    version = sent.pop("version", None)
    refuse_unknown(sent, set(self.update_form_class.base_fields))
    blank = self.update_form_class(instance=row, user=request.user)
    data = {name: blank[name].value() for name in blank.fields}
    data.update(sent)
    form = self.checked_form(self.update_form_class, data, instance=row)
    return Response(self.represent(self.perform_update(form, version)))


def _transition_action(verb: str, name: str, form_class: Any) -> Any:
    def run(self: ScopedViewSet, request: Request, pk: str | None = None) -> Response:
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            raise NotFound()
        require(request.user, self.code(verb), row)
        form = self.checked_form(form_class, request.data, row=row)
        arguments = dict(form.cleaned_data)
        version = arguments.pop("version", None)
        step = getattr(row, verb)
        return self.answer_once(
            request, lambda: step(by=request.user, now=db_now(), version=version, **arguments)
        )

    run.__name__ = name
    run.__doc__ = f"Carry out the step “{verb}”."
    run.form_class = form_class  # type: ignore[attr-defined]
    return action(detail=True, methods=["post"], url_path=verb, url_name=verb)(run)


def refuse_unknown(data: Any, known: set[str]) -> None:
    """Refuse names a form does not have, so that nobody believes a field was written that was not."""
    if not hasattr(data, "keys"):
        raise RuleBroken(_("Send one object."), code="invalid")
    unknown = sorted(set(data) - known - {"csrfmiddlewaretoken"})
    if unknown:
        raise RuleBroken(
            code="invalid", errors={name: [_("This field cannot be written here.")] for name in unknown}
        )


def as_form_data(data: Any) -> QueryDict:
    """JSON values in the shape forms read: scalars as text, lists repeated, null left out."""
    form_data = QueryDict(mutable=True)
    items = data.lists() if isinstance(data, QueryDict) else data.items()
    for name, value in items:
        values = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(part, (dict, list)) for part in values):
            raise RuleBroken(code="invalid", errors={name: [_("Not a single value.")]})
        texts = [str(part).lower() if isinstance(part, bool) else part for part in values]
        form_data.setlist(
            name,
            [
                part if hasattr(part, "read") else str(part)
                for part in texts
                if part is not None and part != ""
            ],
        )
        if not form_data.getlist(name):
            del form_data[name]
    return form_data


def _limit(raw: str | None) -> int:
    if raw in (None, ""):
        return DEFAULT_LIMIT
    if not raw.isdecimal() or int(raw) == 0:
        raise RuleBroken(errors={"limit": [_("A number between 1 and 200.")]})
    return min(int(raw[:6]), 200)
