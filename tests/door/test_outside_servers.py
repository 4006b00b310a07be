"""Servers given by DATABASE_URL or REDIS_URL are used, and none of ours is started in their place."""

from pathlib import Path

import pytest

from config.local_servers import LocalServers, read_state, servers_for, take_lock, write_state


def test_given_servers_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/impeller")
    monkeypatch.setenv("MIGRATION_DATABASE_URL", "postgresql://owner@db/impeller")
    monkeypatch.setenv("REDIS_URL", "redis://queue/0")
    servers = LocalServers(tmp_path)
    assert (servers.postgres, servers.valkey) == (None, None)
    assert servers.start() is False
    assert servers.urls() == {
        "DATABASE_URL": "postgresql://app@db/impeller",
        "MIGRATION_DATABASE_URL": "postgresql://owner@db/impeller",
        "REDIS_URL": "redis://queue/0",
    }
    with servers_for(tmp_path) as urls:
        assert urls == servers.urls()


def test_one_may_be_given_and_the_other_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://queue/0")
    monkeypatch.delenv("DATABASE_URL")
    servers = LocalServers(tmp_path)
    assert servers.postgres is not None
    assert servers.valkey is None
    assert "impeller_app@" in servers.urls()["DATABASE_URL"]


def test_commands_find_the_running_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    state = {"DATABASE_URL": "postgresql://app@running/impeller", "REDIS_URL": "redis://running/0"}
    write_state(tmp_path, state)
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0
    lock = take_lock(tmp_path)
    assert lock
    with servers_for(tmp_path) as urls:
        assert urls == state == read_state(tmp_path)
    lock.close()


def test_a_long_path_leaves_room_for_the_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unix socket's whole name has 107 bytes; a deep DATA_DIR gets its sockets elsewhere."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    deep = tmp_path / ("数据" * 12) / ("b" * 60)
    deep.mkdir(parents=True)
    servers = LocalServers(deep)
    assert servers.postgres
    assert servers.valkey
    for path in (servers.postgres.sockets / ".s.PGSQL.5432.lock", servers.valkey.socket):
        assert len(str(path).encode()) <= 107
