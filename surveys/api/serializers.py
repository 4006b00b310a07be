"""How surveys read in the API: codes, ids, times and scores; the link's word is never among the fields."""

from typing import Any

from rest_framework import serializers

from surveys.models import Answer, Invitation, Question, Questionnaire, Recovery, Response


class QuestionSerializer(serializers.ModelSerializer[Any]):
    """One question in both languages."""

    class Meta:
        model = Question
        fields = ("place", "code", "kind", "text")


class QuestionnaireSerializer(serializers.ModelSerializer[Any]):
    """One edition in a list."""

    class Meta:
        model = Questionnaire
        fields = ("id", "version", "template", "edition", "title", "intro", "state", "frozen_at")


class QuestionnaireDetailSerializer(QuestionnaireSerializer):
    """One edition with its questions."""

    questions = QuestionSerializer(many=True)

    class Meta(QuestionnaireSerializer.Meta):
        fields = (*QuestionnaireSerializer.Meta.fields, "questions")


class InvitationSerializer(serializers.ModelSerializer[Any]):
    """One asking."""

    ticket_code = serializers.CharField(source="ticket.code")

    class Meta:
        model = Invitation
        fields = (
            "id", "version", "ticket", "ticket_code", "customer", "contact", "owner", "branch", "questionnaire",
            "recovery", "state", "channel", "exclude_reason", "send_at", "sent_at", "expires_at", "reminders",
            "next_reminder_at",
        )  # fmt: skip


class AnswerSerializer(serializers.ModelSerializer[Any]):
    """One value."""

    class Meta:
        model = Answer
        fields = ("code", "number", "choice", "text")


class ResponseSerializer(serializers.ModelSerializer[Any]):
    """One answer in a list."""

    ticket_code = serializers.CharField(source="ticket.code")

    class Meta:
        model = Response
        fields = (
            "id", "version", "ticket", "ticket_code", "customer", "contact", "engineer", "owner", "branch", "questionnaire",
            "received_at", "language", "entered_by", "csat", "ces", "nps", "fixed", "remark", "low_reasons",
        )  # fmt: skip


class ResponseDetailSerializer(ResponseSerializer):
    """One answer with every value."""

    answers = AnswerSerializer(many=True)

    class Meta(ResponseSerializer.Meta):
        fields = (*ResponseSerializer.Meta.fields, "invitation", "answers")


class RecoverySerializer(serializers.ModelSerializer[Any]):
    """One low answer being made good."""

    ticket = serializers.IntegerField(source="response.ticket_id")
    ticket_code = serializers.CharField(source="response.ticket.code")
    csat = serializers.IntegerField(source="response.csat", allow_null=True)

    class Meta:
        model = Recovery
        fields = (
            "id", "version", "state", "response", "ticket", "ticket_code", "csat", "customer", "reasons", "owner", "branch",
            "opened_at", "due_at", "called_at", "call_note", "cause", "action", "promised_on", "closed_at", "reask_at",
            "recovered", "complaint", "complaint_by_customer",
        )  # fmt: skip
