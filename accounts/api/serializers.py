"""What the API shows of people, units and regions; contact data only to those who administer, or oneself."""

from typing import Any

from rest_framework import serializers

from accounts.models import BranchRegion, Grant, OrgUnit, User


class UserSerializer(serializers.ModelSerializer[User]):
    """A colleague in a list: the directory everybody may read."""

    unit_code = serializers.CharField(source="unit.code", default=None)

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "id",
            "username",
            "name_zh",
            "name_en",
            "unit",
            "unit_code",
            "job_title_zh",
            "job_title_en",
            "is_active",
            "version",
        )


class UserDetailSerializer(UserSerializer):
    """One colleague; e-mail and phone are personal data and null for those who may not see them."""

    email = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "manager", "language", "email", "phone")

    def _shows_contact(self, person: User) -> bool:
        viewer: Any = self.context["request"].user
        return bool(viewer.pk == person.pk or viewer.has_perm("accounts.manage_user"))

    def get_email(self, person: User) -> str | None:
        return person.email if self._shows_contact(person) else None

    def get_phone(self, person: User) -> str | None:
        return person.phone if self._shows_contact(person) else None


class OrgUnitSerializer(serializers.ModelSerializer[OrgUnit]):
    """A unit of the company."""

    class Meta:
        model = OrgUnit
        fields = (
            "id",
            "code",
            "name_zh",
            "name_en",
            "kind",
            "parent",
            "head",
            "executive",
            "calendar_code",
            "active",
            "version",
        )


class BranchRegionSerializer(serializers.ModelSerializer[BranchRegion]):
    """Which branch serves a province from when to when."""

    unit_code = serializers.CharField(source="unit.code")

    class Meta:
        model = BranchRegion
        fields = ("id", "unit", "unit_code", "province_code", "valid_from", "valid_to")


class GrantSerializer(serializers.ModelSerializer[Grant]):
    """A role with its scope."""

    class Meta:
        model = Grant
        fields = (
            "id", "user", "role", "scope_unit", "flags", "state", "valid_from", "valid_to", "reason",
            "granted_by", "approved_by", "approved_at", "version",
        )  # fmt: skip
