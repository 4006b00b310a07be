"""`./impeller bench`: data, servers, rounds, counters, report."""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

RESULTS = Path(__file__).resolve().parent / "results"


def arguments() -> argparse.Namespace:
    """What a run may be told."""
    parser = argparse.ArgumentParser(prog="./impeller bench")
    parser.add_argument("--profile", default="S", help="XS, S or M")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=15, help="of each screen in each round")
    parser.add_argument("--screens", default="", help="only these codes, with commas between")
    parser.add_argument("--people", default="pm,bm,ex")
    parser.add_argument("--sql", action="store_true", help="print each screen's statements")
    parser.add_argument("--counts-only", action="store_true", help="statements and plans, no times")
    parser.add_argument(
        "--imports", type=int, default=0, metavar="ROWS", help="files of that many rows instead"
    )
    parser.add_argument(
        "--kill", type=int, default=0, metavar="TIMES", help="kill the worker of such an import so often"
    )
    parser.add_argument("--publish", action="store_true", help="write the table into docs/performance.md")
    return parser.parse_args()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(options: argparse.Namespace) -> None:
    """Tables, browser files and rows."""
    from django.core.management import call_command

    began = time.monotonic()
    call_command("bootstrap")
    print(f"· ready in {time.monotonic() - began:.0f} s", flush=True)
    call_command("generate", profile=options.profile, seed=options.seed)


PRODUCTS, DJANGOS = "accounts.backends.PasswordBackend", "django.contrib.auth.backends.ModelBackend"


def cookie_of(user: Any, backend: str = PRODUCTS) -> str:
    """A session as signing in would make it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def count_all(options: argparse.Namespace, wanted: list[Any], people: dict[str, Any]) -> dict[Any, Any]:
    """Statements and plans of every screen for every person."""
    from accounts.models import User
    from benchmarks.counting import count

    found = {}
    for screen in wanted:
        for person, user in people.items():
            counted = found[screen.code, person] = count(screen.url, User.objects.get(pk=user.pk))
            scans = f" SEQ SCAN {counted.scans}" if counted.scans else ""
            print(
                f"  {screen.code}/{person}: {counted.statements} q ({counted.cold} cold), {counted.buffers} buffers{scans}"
            )
            if options.sql and person == next(iter(people)):
                print("\n".join(f"    {sql[:1500]}" for sql in counted.sql))
    return found


def measure_imports(rows: int, port: int) -> int:
    """The table of imports, with another user's list beside them."""
    from accounts.models import User
    from benchmarks.imports import READER, report
    from benchmarks.servers import web
    from benchmarks.timing import Client

    folder = Path(tempfile.mkdtemp(prefix="impeller-bench-"))
    with web("product", "config.wsgi:application", port, "config.settings.bench", folder) as product:
        cookie = cookie_of(User.objects.get(username=READER))
        report(folder, rows, Client(port, cookie, product.cpu))
    return 0


def main() -> int:
    """Run everything; fails when an answer was wrong, not when a goal was missed."""
    options = arguments()
    port, floor_port = free_port(), free_port()
    os.environ["PORT"] = str(port)
    django.setup()
    from accounts.models import User
    from benchmarks import report
    from benchmarks.screens import PEOPLE, expected_rows, screens
    from benchmarks.servers import web
    from benchmarks.timing import Case, Client, run_rounds
    from config.generate.profiles import PROFILES

    prepare(options)
    if options.imports and options.kill:
        from benchmarks.killing import report as report_kills

        return report_kills(Path(tempfile.mkdtemp(prefix="impeller-bench-")), options.imports, options.kill)
    if options.imports:
        return measure_imports(options.imports, port)
    codes = [code for code in options.screens.split(",") if code]
    wanted = [screen for screen in screens() if not codes or screen.code in codes]
    names = {who: PEOPLE[who] for who in options.people.split(",")}
    people = {who: User.objects.get(username=name) for who, name in names.items()}
    counts = count_all(options, wanted, people)
    if options.counts_only:
        return 0
    logs = Path(tempfile.mkdtemp(prefix="impeller-bench-"))
    cookies = {who: cookie_of(user) for who, user in people.items()}
    with (
        web("product", "config.wsgi:application", port, "config.settings.bench", logs) as product,
        web(
            "floor", "django.core.wsgi:get_wsgi_application()", floor_port, "benchmarks.floor", logs
        ) as floor,
    ):
        hello = Client(floor_port, cookie_of(next(iter(people.values())), DJANGOS), floor.cpu)
        for _time in range(20):
            hello.get("/hello")
        cases = [
            Case(screen, who, Client(port, cookies[who], product.cpu), expected_rows(screen, user))
            for screen in wanted
            for who, user in people.items()
        ]
        run_rounds(cases, hello, rounds=options.rounds, requests=options.requests)
        profile = PROFILES[options.profile]
        extra = {
            "profile": options.profile,
            "seed": options.seed,
            "customers": profile.customers,
            "activities": profile.activities,
            "tickets": profile.tickets,
            "facts": report.facts(),
            "floor_ms": report.floor_of(cases),
            "bare_ms": round(statistics.median(hello.get("/bare").ms for _time in range(40)), 1),
            "memory": round(product.memory()),
            "floor_memory": round(floor.memory()),
        }
    data = report.as_data(cases, counts, extra)
    path = report.write(data, RESULTS if options.publish else logs)
    if options.publish:
        report.publish(data)
    print(report.table(data) if len(people) == len(PEOPLE) else data["screens"])
    print(f"\n{path}")
    return 1 if any(case.wrong for case in cases) else 0


if __name__ == "__main__":
    sys.exit(main())
