"""`demo build` and `demo serve`: built once, a cut-off build thrown away, a taken port refused in one line."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.core.management import call_command

from demo.serving import as_a_product

SMALL = ("--months", "0.04", "--orders-share", "0.01")


@dataclass(frozen=True)
class Built:
    """A demo that was built by the command, and what it said."""

    path: Path
    said: str
    left: frozenset[str]  # names of what lay in its folder when it was done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A small demo, built in place of an older one, where an earlier build was cut off."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    for name in ("demo.sqlite3", "demo.sqlite3.building"):
        keep_paper(path.with_name(name), f"{name}.pdf")
    done = command(path, "build", "--force", *SMALL)
    assert done.returncode == 0, done.stderr
    return Built(path, done.stderr, frozenset(each.name for each in path.parent.iterdir()))


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


def environment_of(path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name not in ("MEDIA_ROOT", "DEBUG")},
        "DATABASE_URL": f"sqlite:///{path}",
        "LOAN_LOG": "",
    }


def command(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=settings.BASE_DIR,
        env=environment_of(path),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_cut_off_build_is_thrown_away_and_nothing_lies_beside_the_demo(built: Built) -> None:
    assert built.left <= {"demo.sqlite3", papers_of(built.path).name}
    with closing(sqlite3.connect(built.path)) as demo:
        facts = dict(demo.execute("SELECT fact, count(*) FROM audit_entry GROUP BY fact"))
        assert facts["audit.invariants.checked"] == 1
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


@pytest.fixture(scope="module")
def served(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a copy of the demo while it is served: its worker goes on writing."""
    copied = shutil.copy(built.path, tmp_path_factory.mktemp("served") / built.path.name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = [sys.executable, "manage.py", "demo", "serve", "--port", str(port)]
    environment = environment_of(copied)
    with subprocess.Popen(
        serving, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert any("stands on" in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)


def answer(address: str, language: str) -> tuple[int, str]:
    asked = Request(address, headers={"Accept-Language": language})  # noqa: S310 - our own address
    try:
        with urlopen(asked, timeout=20) as response:  # noqa: S310
            return response.status, response.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_it_is_served_as_a_product_with_pages_of_its_own(served: str) -> None:
    for language, heading in (("en", "We cannot find that"), ("zh-hans", "找不到")):
        for unknown in ("nowhere/", "ui/"):
            status, page = answer(f"{served}/{unknown}", language)
            assert status == 404
            assert heading in page
            assert "URLconf" not in page
    status, page = answer(f"{served}/account/login/", "en")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert sheet
    assert answer(f"{served}{sheet[1]}", "en")[0] == 200


def test_whoever_develops_serves_it_debugging() -> None:
    assert as_a_product({}, 8123)["DEBUG"] == "0"
    assert as_a_product({"DEBUG": "1"}, 8123)["DEBUG"] == "1"
    assert as_a_product({}, 8123)["SEAL_KEY"] == settings.SEAL_KEY


def test_custodians_answer_at_the_port_that_is_served() -> None:
    assert as_a_product({}, 8123)["BASE_URL"] == "http://127.0.0.1:8123"
    assert as_a_product({"BASE_URL": "https://portal.example"}, 8123)["BASE_URL"] == "https://portal.example"


def test_custodians_of_a_second_demo_listen_elsewhere(settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.CUSTODIAN_URL = f"http://127.0.0.1:{taken.getsockname()[1]}"
        elsewhere = as_a_product({}, 8123)["CUSTODIAN_URL"]
        assert elsewhere.startswith("http://127.0.0.1:")
        assert elsewhere != settings.CUSTODIAN_URL
    assert as_a_product({}, 8123)["CUSTODIAN_URL"] == settings.CUSTODIAN_URL


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
