"""`demo build` and `demo serve`: built once, a cut-off build thrown away, a taken port refused in one line."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

SMALL = ("--months", "0.04", "--orders-share", "0.01")


@dataclass(frozen=True)
class Built:
    """A demo that was built by the command, and what it said."""

    path: Path
    said: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A small demo, built in place of an older one, where an earlier build was cut off."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    for name in ("demo.sqlite3", "demo.sqlite3.building"):
        keep_paper(path.with_name(name), f"{name}.pdf")
    done = command(path, "build", "--force", *SMALL)
    assert done.returncode == 0, done.stderr
    return Built(path, done.stderr)


def keep_paper(database: Path, name: str) -> None:
    """A document of another build, older than any upload that might still be under way."""
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("CREATE TABLE orders_document (stored_as TEXT)")
        other.execute("INSERT INTO orders_document VALUES (?)", [name])
    paper = papers_of(database.with_name("demo.sqlite3")) / name
    paper.parent.mkdir(exist_ok=True)
    paper.write_bytes(b"%PDF-1.4")
    os.utime(paper, (0, 0))


def papers_of(database: Path) -> Path:
    """The folder of a database's documents."""
    return database.with_name(f"{database.name}.documents")


def command(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "MEDIA_ROOT"},
        "DATABASE_URL": f"sqlite:///{path}",
        "LOAN_LOG": "",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_cut_off_build_is_thrown_away_and_nothing_lies_beside_the_demo(built: Built) -> None:
    assert {path.name for path in built.path.parent.iterdir()} <= {"demo.sqlite3", papers_of(built.path).name}
    with closing(sqlite3.connect(built.path)) as demo:
        facts = dict(demo.execute("SELECT fact, count(*) FROM audit_entry GROUP BY fact"))
        unsealed = demo.execute("SELECT count(*) FROM audit_entry WHERE id > (SELECT max(last_entry) FROM audit_seal)")
        assert unsealed.fetchone() == (0,)
    assert facts["demo.history.made"] == 1
    assert facts["orders.order.submitted"] >= 1


def test_papers_of_the_builds_before_are_gone(built: Built) -> None:
    lying = {str(path.relative_to(papers_of(built.path))) for path in papers_of(built.path).rglob("*.*")}
    with closing(sqlite3.connect(built.path)) as demo:
        known = {name for (name,) in demo.execute("SELECT stored_as FROM orders_document")}
    assert lying == known


def test_a_demo_that_stands_is_not_built_again(built: Built) -> None:
    before = built.path.stat().st_ino
    again = command(built.path, "build", *SMALL)
    assert again.returncode == 0
    assert again.stderr.strip() == f"The demo stands in {built.path}."
    assert built.path.stat().st_ino == before


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE accounts_user (id INTEGER)")
        other.execute("INSERT INTO accounts_user VALUES (1)")
    refused = command(path, "build")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "holds something else" in refused.stderr


def test_a_port_in_use_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            call_command("demo", "serve", "--port", str(port))
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"127.0.0.1:{port} is in use" in said
