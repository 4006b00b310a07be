"""How cases read in the API; the complainant's name is never among the fields."""

from rest_framework import serializers

from complaints.models import Complaint, ComplaintClock, Escalation


class ComplaintClockSerializer(serializers.ModelSerializer):
    """One promise of a case."""

    class Meta:
        model = ComplaintClock
        fields = ["kind", "run", "start", "due_at", "stopped_at", "always_open"]


class EscalationSerializer(serializers.ModelSerializer):
    """A rung that was climbed."""

    class Meta:
        model = Escalation
        fields = ["clock", "rung", "due_at", "at", "recipients"]


class ComplaintSerializer(serializers.ModelSerializer):
    """A case in a list."""

    customer_name = serializers.CharField(source="customer.name")
    lead_department_code = serializers.CharField(source="lead_department.code")

    class Meta:
        model = Complaint
        fields = [
            *("id", "code", "version", "state", "customer", "customer_name", "lead_department"),
            *("lead_department_code", "category", "severity", "severity_confirmed", "channel", "internal"),
            *(
                "anonymous",
                "ticket",
                "project",
                "received_at",
                "handler",
                "supervisor",
                "owner",
                "branch",
                "rung",
            ),
        ]


class ComplaintDetailSerializer(ComplaintSerializer):
    """One case with its clocks and ladder."""

    clocks = ComplaintClockSerializer(many=True)
    escalations = EscalationSerializer(many=True)

    class Meta(ComplaintSerializer.Meta):
        fields = [
            *ComplaintSerializer.Meta.fields,
            *(
                "departments",
                "facts",
                "wanted",
                "claim_amount",
                "grade_reasons",
                "investigation",
                "containment",
            ),
            *("upheld", "remedy", "reply", "reply_channel", "lessons", "duplicate_of", "rejections"),
            *("answered_at", "closed_at", "clocks", "escalations"),
        ]
