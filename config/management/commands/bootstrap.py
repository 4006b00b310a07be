"""Everything between "the servers run" and "people can sign in", in one process: starting Django costs seconds."""

import gc
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import catalogues
from config.embedded import die_with_parent
from config.gate import wait_at_gate
from config.local_servers import LOGINS_FILE
from config.management.commands import publish_static

SHOWN_FIRST = ("pm1", "bm1", "ae1", "dp1", "am1", "dm_tec", "sv1", "ex1", "ad1")  # enough to walk every page


@contextmanager
def static_files_published() -> Iterator[None]:
    """Publish the static files beside the block, in a process of its own: neither needs the other."""
    if publish_static.is_published():
        yield
        return
    command = [sys.executable, "manage.py", "publish_static"]
    publishing = subprocess.Popen(command, cwd=settings.BASE_DIR, preexec_fn=die_with_parent())
    yield
    if publishing.wait():
        raise CommandError("The static files could not be published; see above.")


class Command(BaseCommand):
    """Translations, browser files, migrations and rights, and on request the demo company."""

    help = "Prepare a new or updated installation; running it again changes nothing."
    requires_system_checks = (Tags.models,)  # the others read every page, which the web server does meanwhile

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--demo loads the demo company into a database that has no users yet."""
        parser.add_argument("--demo", action="store_true", help="load the demo company on the first start")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step that is not done yet."""
        gc.set_threshold(
            200_000, 50, 100
        )  # models rendered by the thousand, and few of them garbage: a quarter saved
        catalogues.compile_all()
        with static_files_published():
            wait_at_gate()  # until `./impeller up` has started the database
            call_command("migrate", interactive=False, verbosity=0)
            if options["demo"]:
                self._load_demo()

    def _load_demo(self) -> None:
        """Load the demo company once; a load that was cut off is begun again, because it is one transaction."""
        from accounts.demo import DEMO_PASSWORD, demo_logins

        if not get_user_model()._default_manager.exists():
            call_command("load_demo", verbosity=0)
        lines = [f"  演示登录 demo logins · 密码 password: {DEMO_PASSWORD}"]
        for group in demo_logins():
            for user in group.people:
                if user.username in SHOWN_FIRST:
                    lines.append(
                        f"    {user.username:<4} {user.name_zh} {user.name_en} · {user.job_title} · {user.unit}"
                    )
        (settings.DATA_DIR / LOGINS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
