"""`./impeller check`: exactly what CI runs, in the order in which a mistake is cheapest to see."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from config import assets, catalogues, chromium
from config.embedded import OWNER, EmbeddedError
from config.local_servers import ROOT, LocalServers, throw_away_servers
from config.testing import environment, run_tests

PYTHON = sys.executable
APPS = ("accounts", "training", "crm", "projects", "service", "complaints", "surveys", "kpi")
# Fully annotated and checked, beside the whole of core and config: where the rules are.
TYPED = ("choices.py", "querysets.py", "operations.py", "operations", "rules.py", "sweeps.py", "tasks.py")
# Most tests share the processors; those that start the product, draw in a browser or race each other get them all.
TESTS = {"tests side by side": ("-n", "auto", "-m", "not alone"), "tests one by one": ("-m", "alone")}
# Formatting and lint also for the door itself, which has no .py in its name.
LINTED = (".", "impeller")


def run_checks(arguments: Sequence[str]) -> int:
    """Run every step, each to its end, and fail when any failed; arguments go to the tests."""
    if os.environ.get("CI"):
        install_browser()
    results = {name: timed(name, step) for name, step in STEPS.items()}
    os.environ["BROWSER_REQUIRED"] = "1"
    for name, chosen in TESTS.items():
        results[name] = timed(name, partial(run_tests, [*chosen, *arguments]))
    failed = [name for name, code in results.items() if code]
    print(f"\n✗ {', '.join(failed)}" if failed else "\n✓ 全部通过 … all checks passed", file=sys.stderr)
    return 1 if failed else 0


def timed(name: str, step: Callable[[], int]) -> int:
    """Run one step under a heading; return its exit code."""
    print(f"\n── {name}", file=sys.stderr, flush=True)
    began = time.monotonic()
    code = step()
    print(
        f"── {name}: {'failed' if code else 'ok'} ({time.monotonic() - began:.0f} s)",
        file=sys.stderr,
        flush=True,
    )
    return code


def run(*command: str, env: dict[str, str] | None = None) -> int:
    """Run a tool in the checkout."""
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def formatting() -> int:
    """Ruff's formatter would change nothing."""
    return run(PYTHON, "-m", "ruff", "format", "--check", "--quiet", "--diff", *LINTED)


def lint() -> int:
    """Ruff finds nothing."""
    return run(PYTHON, "-m", "ruff", "check", "--quiet", *LINTED)


def types() -> int:
    """Mypy finds nothing."""
    found = ["core", "config"]
    for app in APPS:
        found += [str(ROOT / app / name) for name in TYPED if (ROOT / app / name).exists()]
    env = os.environ | {"DATABASE_URL": "postgresql:///none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return run(PYTHON, "-m", "mypy", *found, env=env)


def system() -> int:
    """Django's checks, also those for deployment; no model without its migration; the API as documented.

    They run on servers of their own, because some checks ask the database.
    """
    assets.build()
    catalogues.compile_all()
    with throw_away_servers() as servers:
        env = environment(servers)
        codes = [
            run(PYTHON, "manage.py", "check", "--database", "default", "--fail-level", "WARNING", env=env),
            run(
                PYTHON,
                "manage.py",
                "check",
                "--deploy",
                "--fail-level",
                "WARNING",
                env=env | unreal_production(servers),
            ),
            run(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", env=env),
            run(PYTHON, "manage.py", "openapi", "--check", env=env),
        ]
    return max(codes)


def unreal_production(servers: LocalServers) -> dict[str, str]:
    """Return an environment in which the production settings agree to load."""
    from config.env import new_field_keys, new_secret_key

    postgres = servers.postgres
    if postgres is None:
        raise EmbeddedError("checks run on their own servers only")
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": new_secret_key(),
        "FIELD_KEYS": new_field_keys(),
        "BASE_URL": "https://impeller.example.com",
        "DATABASE_URL": postgres.url(),
        "MIGRATION_DATABASE_URL": postgres.url(OWNER),
    }


def runtime() -> int:
    """The product starts with the run-time packages alone: a test package must not hide a missing one."""
    uv, venv = str(ROOT / ".tools" / "bin" / "uv"), ROOT / "build" / "runtime-venv"
    env = os.environ | {"VIRTUAL_ENV": str(venv), "UV_PYTHON_DOWNLOADS": "never"}
    if not (venv / "bin" / "python").exists() and run(
        uv, "venv", "--quiet", "--python", PYTHON, str(venv), env=env
    ):
        return 1
    if run(uv, "pip", "sync", "--quiet", "--require-hashes", "requirements.lock", env=env):
        return 1
    code = "import django; django.setup(); import config.wsgi, gunicorn.app.wsgiapp, kombu.transport.redis"
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATA_DIR": str(ROOT / "build" / "runtime-data"),
    }
    return run(str(venv / "bin" / "python"), "-c", code, env=os.environ | settings)


def words() -> int:
    """Every visible word has its Chinese."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return run(PYTHON, "manage.py", "catalogues", "--check", env=env)


def install_browser() -> None:
    """Install Chromium and Chinese fonts where apt is and they are missing; tests judge the result."""
    apt = shutil.which("apt-get")
    has_fonts = (
        bool(shutil.which("fc-list"))
        and "CJK" in subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
    )
    if apt is None or (chromium.find() and has_fonts):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print("· 安装 Chromium 与中文字体 … installing Chromium and Chinese fonts", file=sys.stderr)
    packages = ["fontconfig", "fonts-noto-cjk", *([] if chromium.find() else ["chromium"])]
    subprocess.run([*sudo, apt, "update", "-qq"], env=env, check=False, stdout=subprocess.DEVNULL)
    install = [*sudo, apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, env=env, check=False, stdout=subprocess.DEVNULL)


STEPS = {
    "formatting": formatting,
    "lint": lint,
    "types": types,
    "run-time packages": runtime,
    "system": system,
    "catalogues": words,
}
