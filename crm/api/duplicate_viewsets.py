"""The API of the duplicate check: whom a party may be the same as, asking its owner, answering who asked."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import RuleBroken
from core.rules import require
from crm import operations
from crm.forms.duplicates import AnswerForm, AskForm, TypedPartyForm
from crm.operations.duplicates import Known
from crm.views.duplicates import require_look_up


class MatchSerializer(serializers.Serializer[Any]):
    """A rule that holds, what follows from it, and how alike the two are (0–1)."""

    rule = serializers.CharField()
    effect = serializers.CharField()
    likeness = serializers.FloatField()


class KnownSerializer(serializers.Serializer[Any]):
    """A customer we have; `customer` only when the caller may see it, `ref` to ask about it otherwise."""

    customer = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    owner_name = serializers.CharField()
    branch_name = serializers.CharField()
    ref = serializers.CharField()
    effect = serializers.CharField()
    matches = MatchSerializer(many=True)


class AskedSerializer(serializers.Serializer[Any]):
    """That the question is on its way."""

    asked = serializers.BooleanField()


def shown(known: Known) -> dict[str, Any]:
    """A look-up's hit as the API tells it."""
    matches = [
        {"rule": one.rule, "effect": one.effect, "likeness": round(one.likeness, 3)}
        for one in known.found.matches
    ]
    return {
        "customer": known.found.customer.pk if known.visible else None,
        "name": known.name,
        "owner_name": known.owner,
        "branch_name": known.branch,
        "ref": "" if known.visible else known.ref,
        "effect": known.found.effect,
        "matches": matches,
    }


class DuplicateActions(ScopedViewSet):
    """The duplicate check of the customers' viewset."""

    @extend_schema(responses=KnownSerializer(many=True))
    @action(detail=False, methods=["post"])
    def duplicates(self, request: Request) -> Response:
        """Whom a party may be the same as; of a hidden customer only name, owner and branch. Logged and limited."""
        require_look_up(request.user)
        form = self.checked_form(TypedPartyForm, request.data)
        return Response([shown(one) for one in form.known()])

    duplicates.form_class = TypedPartyForm  # type: ignore[attr-defined]

    @extend_schema(responses=AskedSerializer)
    @action(detail=False, methods=["post"])
    def ask(self, request: Request) -> Response:
        """Ask owner or branch to let you see a customer the look-up has named, by its `ref`."""
        require_look_up(request.user)
        form = self.checked_form(AskForm, request.data)
        operations.ask_about_customer(by=request.user, now=db_now(), ref=form.cleaned_data["ref"])
        return Response({"asked": True})

    ask.form_class = AskForm  # type: ignore[attr-defined]

    @action(detail=True, methods=["post"])
    def answer_ask(self, request: Request, pk: str | None = None) -> Response:
        """Let a colleague who asked see the customer for thirty days, or say no."""
        row = self.get_object()
        require(request.user, "crm.change_customer", row)
        values = self.checked_form(AnswerForm, request.data).cleaned_data
        asker = User.objects.visible_to(request.user).filter(pk=values["asker"]).first()
        if asker is None:
            raise RuleBroken(errors={"asker": [_("This question has been answered.")]})
        return self.answer_once(
            request,
            lambda: operations.answer_asker(
                by=request.user, now=db_now(), customer=row, asker=asker, share=values["share"]
            ),
        )

    answer_ask.form_class = AnswerForm  # type: ignore[attr-defined]
