"""How tickets, pumps and service reports read in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from service.models import CallBack, Pump, ServiceReport, Ticket, TicketAssignment, TicketClock, TicketPause

DUES = ("response_due_at", "onsite_due_at", "restore_due_at", "resolve_due_at")


class PumpSerializer(serializers.ModelSerializer[Pump]):
    """One installed pump."""

    class Meta:
        model = Pump
        fields = (
            "id",
            "code",
            "version",
            "serial",
            "customer",
            "site",
            "position",
            "model",
            "flow",
            "head",
            "speed",
            "motor_kw",
            "efficiency",
            "npshr",
            "made_on",
            "delivered_on",
            "accepted_on",
            "warranty_until",
            "running_hours",
            "standby",
            "criticality",
            "status",
            "owner",
            "branch",
        )


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """A ticket as lists show it."""

    class Meta:
        model = Ticket
        fields = (
            "id",
            "code",
            "version",
            "state",
            "progress",
            "customer",
            "contact",
            "type",
            "channel",
            "symptom",
            "description",
            "impact",
            "safety_flag",
            "tier_snapshot",
            "priority",
            *DUES,
            "engineer",
            "owner",
            "branch",
            "received_at",
            "resolved_at",
            "confirmed_at",
            "closed_at",
            "close_kind",
            "callback_required",
            "reopen_count",
            "repeat_of",
            "merged_into",
            "planned_on",
            "difficulty",
            "historical",
        )


class TicketClockSerializer(serializers.ModelSerializer[TicketClock]):
    """One promise with how it was counted."""

    class Meta:
        model = TicketClock
        fields = (
            "clock_no", "kind", "start", "due_at", "stopped_at", "voided", "provisional", "levels", "steps",
        )  # fmt: skip


class PauseSerializer(serializers.ModelSerializer[TicketPause]):
    """One wait."""

    class Meta:
        model = TicketPause
        fields = ("kind", "start", "end", "reason", "proof", "expected_on", "by")


class AssignmentSerializer(serializers.ModelSerializer[TicketAssignment]):
    """One offer and its answer."""

    class Meta:
        model = TicketAssignment
        fields = (
            "engineer", "answer", "offered_at", "answer_due_at", "answered_at", "ended_at", "planned_start",
            "planned_end", "arrived_at",
        )  # fmt: skip


class CallBackSerializer(serializers.ModelSerializer[CallBack]):
    """One call-back."""

    class Meta:
        model = CallBack
        fields = (
            "by", "at", "reached", "fixed", "attitude", "cost_explained", "visit_verified", "open_points",
        )  # fmt: skip


class TicketDetailSerializer(TicketSerializer):
    """A ticket with its clocks, waits, assignments and call-backs."""

    pumps = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)
    clocks = TicketClockSerializer(many=True, read_only=True)
    pauses = PauseSerializer(many=True, read_only=True)
    assignments = AssignmentSerializer(many=True, read_only=True)
    call_backs = CallBackSerializer(many=True, read_only=True)

    class Meta(TicketSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *TicketSerializer.Meta.fields,
            "diagnosis",
            "priority_reasons",
            "travel_km",
            "pumps",
            "clocks",
            "pauses",
            "assignments",
            "call_backs",
        )


class ServiceReportSerializer(serializers.ModelSerializer[ServiceReport]):
    """One service report."""

    class Meta:
        model = ServiceReport
        fields = (
            "id",
            "version",
            "state",
            "ticket",
            "pump",
            "engineer",
            "remote",
            "arrived_at",
            "left_at",
            "symptom",
            "cause_class",
            "actions",
            "hours",
            "summary",
            "readings",
            "parts_text",
            "old_part_returned",
            "safety_checks",
            "advice",
            "charges",
            "signed_at",
            "next_visit_on",
            "submitted_at",
            "approved_by",
        )
