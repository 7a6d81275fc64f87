"""The embedded server: it starts, is shared, stops, and survives what operators do to it."""

import os
import signal
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from config import postgres_install, socket_dir
from config.datadir import DataDirError
from config.embedded import Cluster


def ask(cluster: Cluster, statement: str):
    with closing(psycopg2.connect(cluster.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_data_survives_and_nothing_runs_in_between(cluster: Cluster) -> None:
    cluster.acquire()
    pid = cluster.postmaster.pid()
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    cluster.release()
    assert not cluster.is_up()
    assert not Path(f"/proc/{pid}").exists()
    assert not cluster.socket_dir.exists()

    cluster.acquire()
    assert ask(cluster, "SELECT answer FROM kept") == 42


def test_korean_has_trigrams_and_the_role_is_no_superuser(cluster: Cluster) -> None:
    cluster.acquire()
    ask(cluster, "CREATE EXTENSION pg_trgm")
    assert ask(cluster, "SELECT cardinality(show_trgm('한국'))") > 0
    assert ask(cluster, "SELECT lower('ÅØ')") == "åø"
    assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_the_last_user_stops_it(cluster: Cluster, data_dir: Path) -> None:
    other = Cluster(data_dir, durable=False)
    cluster.acquire()
    other.acquire()
    cluster.release()
    assert other.is_up()
    other.release()
    assert not other.is_up()


def test_many_may_start_it_at_once(cluster: Cluster, data_dir: Path) -> None:
    users = [Cluster(data_dir, durable=False) for _ in range(4)]
    failures: list[BaseException] = []

    def use(user: Cluster) -> None:
        try:
            user.acquire()
            ask(user, "SELECT 1")
            user.release()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=use, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not cluster.is_up()


def test_a_server_left_behind_is_used_and_then_stopped(cluster: Cluster, data_dir: Path) -> None:
    cluster.acquire()
    pid = cluster.postmaster.pid()
    os.close(cluster._users)  # what the kernel does when the process is killed
    cluster._users = None

    heir = Cluster(data_dir, durable=False)
    heir.acquire()
    assert heir.postmaster.pid() == pid
    heir.release()
    cluster._process.wait(10)
    assert not heir.is_up()


def test_a_server_without_its_socket_is_replaced(cluster: Cluster, data_dir: Path, monkeypatch) -> None:
    cluster.acquire()
    os.close(cluster._users)
    cluster._users = None
    (cluster.socket_dir / f".s.PGSQL.{socket_dir.PORT}").unlink()
    monkeypatch.setattr("config.embedded.SETTLE_SECONDS", 0.3)

    heir = Cluster(data_dir, durable=False)
    heir.acquire()
    assert ask(heir, "SELECT 1") == 1
    heir.release()


def test_a_killed_server_recovers(cluster: Cluster, data_dir: Path) -> None:
    cluster.durable = True
    cluster.acquire()
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(cluster.postmaster.pid(), signal.SIGKILL)
    cluster._process.wait(10)
    os.close(cluster._users)
    cluster._users = None

    heir = Cluster(data_dir, durable=False)
    heir.acquire()
    assert ask(heir, "SELECT answer FROM kept") == 42
    heir.release()


def test_what_was_in_memory_is_kept_for_the_next_start(cluster: Cluster, monkeypatch) -> None:
    cluster.durable = True
    cluster.acquire()
    cluster.release()
    kept = cluster.data / "autoprewarm.blocks"
    assert kept.stat().st_size > 100
    kept.unlink()
    # A PostgreSQL that was built without it starts as well.
    monkeypatch.setattr("config.postgres_install.library", lambda name: "")
    cluster.acquire()
    assert ask(cluster, "SELECT 1") == 1
    cluster.release()
    assert not kept.exists()


def test_only_libraries_that_are_there_are_loaded() -> None:
    assert postgres_install.library("pg_prewarm") == "pg_prewarm"
    assert postgres_install.library("pg_nothing") == ""


def test_a_pid_that_another_program_has_now_is_no_obstacle(cluster: Cluster) -> None:
    cluster.acquire()
    cluster.release()
    cluster.postmaster.file.write_text(f"{os.getpid()}\n{cluster.data}\n{int(time.time())}\n5432\n\n\n\n")
    cluster.acquire()
    assert ask(cluster, "SELECT 1") == 1


def test_a_broken_start_tells_why_and_leaves_nothing(cluster: Cluster) -> None:
    cluster.acquire()
    cluster.release()
    (cluster.data / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(DataDirError, match=r"did not start: FATAL.*postgresql\.conf"):
        cluster.acquire()
    assert not cluster.postmaster.is_running()


def test_data_of_another_version_is_refused(cluster: Cluster) -> None:
    cluster.acquire()
    cluster.release()
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(DataDirError, match="written by PostgreSQL 12"):
        cluster.acquire()


def test_a_half_made_cluster_is_made_anew(cluster: Cluster) -> None:
    draft = cluster.data.with_name("postgres.new")
    draft.mkdir()
    (draft / "rubbish").touch()
    cluster.acquire()
    assert ask(cluster, "SELECT 1") == 1
    assert not draft.exists()


def test_a_stranger_in_tmp_is_not_trusted(cluster: Cluster) -> None:
    cluster.socket_dir.mkdir(mode=0o755)
    try:
        with pytest.raises(DataDirError, match="not ours"):
            cluster.acquire()
    finally:
        cluster.socket_dir.rmdir()


def test_the_socket_path_is_short_and_one_for_every_spelling(tmp_path: Path) -> None:
    folder = tmp_path / ("long " * 40)
    folder.mkdir()
    link = tmp_path / "link"
    link.symlink_to(folder)
    found = socket_dir.socket_dir(folder)
    assert found == socket_dir.socket_dir(link)
    assert len(str(found / ".s.PGSQL.5432")) < 60


def test_an_unreachable_program_is_one_clear_line(tmp_path: Path) -> None:
    from config.unprivileged import Account

    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DataDirError, match="run as an ordinary user"):
        postgres_install.require_reach(Account(uid=4_000_000, gid=4_000_000), closed)
