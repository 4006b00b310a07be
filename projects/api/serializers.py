"""How projects read in the API; amounts are strings, states are codes."""

from typing import Any

from rest_framework import serializers

from projects import evidence
from projects.models import GateSubmission, Project, ProjectParty, ProjectStage


class ProjectSerializer(serializers.ModelSerializer[Any]):
    """A row of the list."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2, coerce_to_string=True)
    customer_name = serializers.CharField(source="customer.name")
    owner_name = serializers.CharField(source="owner.name")

    class Meta:
        model = Project
        fields = (
            "id", "version", "code", "order_code", "title", "customer", "customer_name", "owner", "owner_name",
            "branch", "state", "product_class", "source", "amount", "currency", "expected_sign_on", "next_step",
            "stage_entered_at", "stage_due_at", "signed_at", "closed_at",
        )  # fmt: skip


class StageSerializer(serializers.ModelSerializer[Any]):
    """One stay in a stage."""

    class Meta:
        model = ProjectStage
        fields = ("stage", "entered_at", "due_at", "left_at", "standard_days")


class PartySerializer(serializers.ModelSerializer[Any]):
    """A company's part."""

    class Meta:
        model = ProjectParty
        fields = ("customer", "role", "note")


class SubmissionSerializer(serializers.ModelSerializer[Any]):
    """One attempt at a gate."""

    class Meta:
        model = GateSubmission
        fields = (
            "gate", "attempt", "level", "verdict", "submitted_by", "submitted_at", "note", "decided_by", "decided_at",
            "reason", "missing", "missing_due_at",
        )  # fmt: skip


class ProjectDetailSerializer(ProjectSerializer):
    """One project with its stages, parties, submissions and what the present gate still needs."""

    stages = StageSerializer(many=True)
    parties = PartySerializer(many=True)
    submissions = SubmissionSerializer(many=True)
    gate = serializers.CharField()
    evidence = serializers.SerializerMethodField()

    class Meta(ProjectSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *ProjectSerializer.Meta.fields, "need", "review_on", "loss_reason", "competitor", "price_gap", "gate",
            "stages", "parties", "submissions", "evidence",
        )  # fmt: skip

    def get_evidence(self, project: Any) -> list[dict[str, Any]]:
        lines = evidence.checklist(project) if project.is_presale else []
        return [
            {
                "item": line.item.code,
                "type": line.item.type,
                "label": str(line.item.label),
                "done": line.is_done,
                "problem": str(line.problem),
                "supplier": line.item.supplier,
                "values": line.row.values if line.row else {},
                "provided_by": line.row.provided_by_id if line.row else None,
                "provided_at": line.row.provided_at if line.row else None,
            }
            for line in lines
        ]
