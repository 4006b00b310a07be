"""A real installation refuses to start while anything in its settings is unsafe."""

import os
import subprocess
import sys

import pytest

from config import env
from config.local_servers import ROOT

SAFE = {
    "SECRET_KEY": "kQ3v9Zr-7tLw2YpXnB8sDfGhJkMqWeRtYuIoPaScVb",
    "FIELD_KEYS": env.new_field_keys(),
    "BASE_URL": "https://impeller.example.com",
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/impeller",
    "MIGRATION_DATABASE_URL": "postgresql://owner@127.0.0.1:1/impeller",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def load_production(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process of their own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "PYTHONPATH", "DATA_DIR"}
    }
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.production as s; print(s.SECURE_HSTS_SECONDS)"],
        env={**kept, **SAFE, **changes},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_safe_settings_start() -> None:
    done = load_production()
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "31536000"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-" + "kQ3v9Zr7tLw2YpXnB8sDfGhJkMqWeRtYuI", "SECRET_KEY"),
        ("FIELD_KEYS", "", "FIELD_KEYS"),
        ("FIELD_KEYS", "k1:short", "FIELD_KEYS"),
        ("BASE_URL", "", "BASE_URL"),
        ("BASE_URL", "http://localhost:8000", "BASE_URL"),
        ("BASE_URL", "http://impeller.example.com", "https"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("MIGRATION_DATABASE_URL", SAFE["DATABASE_URL"], "MIGRATION_DATABASE_URL"),
        ("REDIS_URL", "", "REDIS_URL"),
        ("DEBUG", "1", "DEBUG"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
    ],
)
def test_unsafe_settings_refuse_and_say_why(name: str, value: str, said: str) -> None:
    done = load_production(**{name: value})
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1] + done.stderr


@pytest.mark.django_db
def test_a_real_installation_with_demo_logins_refuses(settings, django_user_model) -> None:
    from django.contrib.auth.hashers import make_password
    from django.core.exceptions import ImproperlyConfigured

    from accounts.demo import DEMO_PASSWORD, PEOPLE
    from config.checks import refuse_unsafe_start

    settings.SETTINGS_MODULE = "config.settings.production"
    user = django_user_model.objects.create(
        username=PEOPLE[0].username, password=make_password("something else")
    )
    refuse_unsafe_start()
    user.password = make_password(DEMO_PASSWORD)
    user.save()
    with pytest.raises(ImproperlyConfigured, match=PEOPLE[0].username):
        refuse_unsafe_start()
    user.is_active = False
    user.save()
    refuse_unsafe_start()


def test_keys_say_what_is_wrong_with_them() -> None:
    from django.core.exceptions import ImproperlyConfigured

    one, two = env.new_field_keys(), env.new_field_keys().replace("k1", "k2")
    assert list(env.field_keys(f"{one},{two}")) == ["k1", "k2"]
    for wrong in (f"{one},{one}", one.removeprefix("k1"), "k1:abc"):
        with pytest.raises(ImproperlyConfigured):
            env.field_keys(wrong)


def test_secrets_may_come_from_files(tmp_path, monkeypatch) -> None:
    path = tmp_path / "secret"
    path.write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))
    assert env.text("SECRET_KEY") == "from a file"
