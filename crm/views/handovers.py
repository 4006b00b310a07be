"""Pages of handovers: the list, opening one, spreading customers, the dossier to fill, read and print."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from accounts.models import User
from core.audit import history
from core.clock import db_now
from core.querysets import get_visible
from core.rules import ask, require
from core.timeline import render_entries
from core.views import ScopedCreateView, ScopedDetailView, ScopedFormView, ScopedListView
from crm import handover_desk as desk
from crm.dossier import credit_steps, sections
from crm.filters import HANDOVER_VIEWS, HandoverFilter
from crm.forms.handovers import DistributeForm, DossierForm, HandoverForm
from crm.handover_choices import HandoverState
from crm.models import Customer, Handover, HandoverItem
from crm.operations.handovers import answer_items, distribute_handover, loads_of, open_handover

HANDOVER_ORDERINGS = {"-id": ("-id",), "due_at": ("due_at", "id")}
WAY = (
    HandoverState.INITIATED,
    HandoverState.DOSSIER_GENERATED,
    HandoverState.RECEIVER_REVIEW,
    HandoverState.GAPS_FIXED,
    HandoverState.CUSTOMER_INFORMED,
    HandoverState.BM_APPROVED,
    HandoverState.DONE,
)


class HandoverListView(ScopedListView):
    """Handovers of one's customers, to oneself, of one's branch."""

    model = Handover
    filterset_class = HandoverFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = HANDOVER_ORDERINGS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(views=HANDOVER_VIEWS, view=self.request.GET.get("view", ""), **kwargs)


class HandoverCreateView(ScopedCreateView):
    """One customer (`?customer=`), or all or some customers of a person (`?giver=`); else that person is asked for first."""

    model = Handover
    form_class = HandoverForm
    template_name = "crm/handover_form.html"
    title = gettext_lazy("Hand over customers")
    submit_label = gettext_lazy("Start the handover")

    def check(self) -> None:
        super().check()
        self.giver, self.customer = self._giver_and_customer()

    def _giver_and_customer(self) -> tuple[Any, Any]:
        user = self.request.user
        wanted = self.request.GET.get("customer", "")
        if wanted.isdecimal():
            customer = get_visible(Customer, user, wanted)
            return customer.owner, customer
        giver = self.request.POST.get("giver") or self.request.GET.get("giver", "")
        if giver.isdecimal():
            return get_visible(User, user, giver), None
        return None, None

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = {"customers": [self.customer.pk]} if self.customer is not None else {}
        return {"giver": self.giver, "initial": chosen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        owners = User.objects.visible_to(user).filter(
            pk__in=Customer.objects.visible_to(user).order_by().values("owner")
        )
        return super().get_context_data(
            giver=self.giver,
            owners=owners.order_by("name_zh", "pk") if self.giver is None else (),
            row=self.customer,
            **kwargs,
        )

    def perform(self, form: Any) -> Any:
        return open_handover(by=self.request.user, now=db_now(), **form.cleaned_data)


class HandoverDetailView(ScopedDetailView):
    """How far it is, whose turn it is, and the dossier customer by customer."""

    model = Handover

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user, now = kwargs["row"], self.request.user, kwargs["now"]
        lines = history(row).select_related("actor")[:30]
        turn = desk.TURN.get(HandoverState(row.state))
        return super().get_context_data(
            sections=sections(row, user),
            stages=stages_of(row),
            may_fill=bool(ask(user, "crm.change_handover", row)) and row.is_fillable,
            may_visit=user.pk == row.receiver_id and row.is_fillable,
            may_distribute=bool(ask(user, "crm.distribute_handover", row)),
            turn=turn,
            people=desk.whose_turn(row, turn, now) if turn else (),
            credit=credit_steps(row),
            history=render_entries(lines, user, root=row),
            **kwargs,
        )


def stages_of(row: Handover) -> list[dict[str, Any]]:
    """The way as a strip: done, now, ahead."""
    state = HandoverState(row.state)
    reached = WAY.index(state) if state in WAY else -1
    finished = reached == len(WAY) - 1
    return [
        {
            "code": str(number + 1),
            "label": state.label,
            "state": "done" if number < reached or finished else ("now" if number == reached else ""),
        }
        for number, state in enumerate(WAY)
    ]


class HandoverDossierView(ScopedDetailView):
    """The whole dossier on paper, with room for three signatures."""

    model = Handover
    template_name = "crm/handover_dossier.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = kwargs["row"]
        return super().get_context_data(
            sections=sections(row, self.request.user), credit=credit_steps(row), **kwargs
        )


class HandoverDistributeView(ScopedFormView):
    """Every customer of a draft with the receiver proposed by territory and load, to be changed and started."""

    model = Handover
    permission = "distribute"
    form_class = DistributeForm
    template_name = "crm/handover_distribute.html"
    title = gettext_lazy("Spread the customers")
    submit_label = gettext_lazy("Start the handovers")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = desk.candidates(self.row.branch, db_now(), without=self.row.owner)
        loads = loads_of(people)
        return super().get_context_data(
            row=self.row,
            version=self.row.version,
            sections=sections(self.row, self.request.user),
            loads=[(person, loads[person.pk]) for person in people],
            **kwargs,
        )

    def perform(self, form: Any) -> Any:
        version = form.cleaned_data.get("version")
        made = distribute_handover(
            by=self.request.user,
            now=db_now(),
            handover=self.row,
            receivers=form.receivers(),
            version=version,
        )
        return made[0]


class HandoverFillView(ScopedFormView):
    """The open lines of one customer (`?customer=`) on one sheet; the next customer follows."""

    model = Handover
    permission = "view"
    form_class = DossierForm
    template_name = "crm/handover_fill.html"
    title = gettext_lazy("Fill the dossier")
    submit_label = gettext_lazy("Save")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)
        wanted = self.request.GET.get("customer", "")
        self.sections = sections(self.row, self.request.user)
        picked = [one for one in self.sections if str(one.customer.pk) == wanted]
        self.section = (picked or self.sections)[0]

    def get_form_kwargs(self) -> dict[str, Any]:
        lines = [line.item for chapter in self.section.chapters for line in chapter.lines]
        may = [item for item in lines if ask(self.request.user, "crm.change_handoveritem", item)]
        shown = HandoverItem.objects.visible_to(self.request.user).filter(
            pk__in=[item.pk for item in may if item.is_written or not item.is_done or item.happened_on]
        )
        self.shown = {item.pk for item in shown}
        return {
            "items": [item for item in may if item.pk in self.shown],
            "initial": {"version": self.row.version},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        lines = [line for chapter in self.section.chapters for line in chapter.lines]
        rows = [
            {
                "line": line,
                "note": _bound(form, f"note_{line.item.pk}"),
                "tick": _bound(form, f"none_{line.item.pk}") or _bound(form, f"ok_{line.item.pk}"),
                "day": _bound(form, f"on_{line.item.pk}"),
            }
            for line in lines
            if line.item.pk in self.shown
        ]
        settled = [line for line in lines if line.item.pk not in self.shown]
        return super().get_context_data(
            row=self.row, section=self.section, sections=self.sections, rows=rows, settled=settled, **kwargs
        )

    def perform(self, form: Any) -> Any:
        return answer_items(by=self.request.user, now=db_now(), handover=self.row, answers=form.answers())

    def get_success_url(self, row: Any) -> str:
        left = [one for one in self.sections if one.done < one.total and one is not self.section]
        following = left[0].customer.pk if left else None
        if following is None or "next" not in self.request.POST:
            return row.get_absolute_url()
        return f"{self.request.path}?customer={following}"


def _bound(form: Any, name: str) -> Any:
    return form[name] if name in form.fields else None
