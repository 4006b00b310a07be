"""What each command of `./impeller` does once the environment is there."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from config.embedded import EmbeddedError, die_with_parent
from config.local_servers import ROOT, data_dir, servers_for
from config.testing import run_tests, wait_through_interrupts


def manage(arguments: Sequence[str]) -> int:
    """Run a management command against the configured or running servers, else start them for its duration."""
    folder = data_dir()
    with servers_for(folder) as urls:
        env = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATA_DIR": str(folder)} | os.environ | urls
        return wait_through_interrupts(
            subprocess.Popen(
                [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, preexec_fn=die_with_parent()
            )
        )


def up(arguments: Sequence[str]) -> int:
    """Start everything and stay in the foreground."""
    from config.supervisor import Supervisor

    return Supervisor(data_dir(), demo="--no-demo" not in arguments).run()


def check(arguments: Sequence[str]) -> int:
    """Run exactly what CI runs."""
    from config.checking import run_checks

    return run_checks(arguments)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmark on servers of its own."""
    from config.local_servers import throw_away_servers
    from config.testing import environment

    if not (ROOT / "benchmarks" / "__main__.py").exists():
        print("还没有性能测试。 There is no benchmark yet.", file=sys.stderr)
        return 2
    with throw_away_servers() as servers:
        env = environment(servers) | {"DJANGO_SETTINGS_MODULE": "config.settings.bench"} | servers.urls()
        command = [sys.executable, "-m", "benchmarks", *arguments]
        return wait_through_interrupts(
            subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=die_with_parent())
        )


def keys(_arguments: Sequence[str]) -> int:
    """Print fresh secrets for a real installation, as the `.env` file of docker-compose.yml."""
    import secrets

    from config.env import new_field_keys, new_secret_key

    lines = ["BASE_URL=https://crm.example.com", "EMAIL_URL=", "FROM_EMAIL="]
    lines += [f"SECRET_KEY={new_secret_key()}", f"FIELD_KEYS={new_field_keys()}"]
    for name in (
        "DB_OWNER_PASSWORD",
        "DB_APP_PASSWORD",
        "POSTGRES_PASSWORD",
        "VALKEY_PASSWORD",
        "METRICS_TOKEN",
    ):
        lines.append(f"{name}={secrets.token_urlsafe(24)}")
    print("\n".join(lines))
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "up": up,
    "test": run_tests,
    "check": check,
    "bench": bench,
    "manage": manage,
    "keys": keys,
}


def main() -> int:
    """Dispatch; a local server's failure is told in one piece, without a trace."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # so that servers are stopped
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except EmbeddedError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
