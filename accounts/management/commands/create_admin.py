"""`manage.py create_admin USER --email E`: the first administrator of an installation without demo data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.choices import Flag, Role
from accounts.models import Grant, OrgUnit, User
from accounts.operations import grant_role, invite_user, password_link_parts
from core.clock import db_now


class Command(BaseCommand):
    """Refused once two administrators exist: from then on rights need two people."""

    help = "Make an administrator account and print the link to choose its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """USER --name 姓名 [--email E] [--security]."""
        parser.add_argument("user", help="user name")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--security", action="store_true", help="may approve grants (the second administrator)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account, its grant and the link."""
        now = db_now()
        if Grant.objects.counting(now).filter(role=Role.AD, user__is_active=True).count() > 1:
            raise CommandError("Two administrators exist; further ones are granted on the pages.")
        if User.objects.filter(username=options["user"].lower()).exists():
            raise CommandError("This user name is taken.")
        headquarters = OrgUnit.objects.get(kind="hq")
        user = invite_user(
            by=None,
            now=now,
            username=options["user"],
            name_zh=options["name"],
            unit=headquarters,
            role=Role.AD,
            email=options["email"],
        )
        flags = [Flag.SECURITY_ADMIN] if options["security"] else []
        grant_role(by=None, now=now, user=user, role=Role.AD, scope_unit=headquarters, flags=flags)
        self.stdout.write(reverse("password_reset_confirm", args=password_link_parts(user)))
