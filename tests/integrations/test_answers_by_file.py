"""Answers are picked up from a folder; what cannot be read is put aside and holds up nobody."""

import json

import orjson
import pytest

from integrations.connectors import file_drop
from integrations.models import Connector, InboxMessage
from integrations.tasks import collect_answers
from tests.integrations.calls import waiting_call


@pytest.fixture
def inbox(firm, folders):
    return file_drop.folder("tidewater", "in")


def answer(call, message_id="m-1", **payload):
    body = json.dumps({"call": str(call.public_id), "outcome": "rejected", "code": "014", **payload}).encode()
    return file_drop.sealed(call.connector.secret, message_id, body)


def test_an_answer_is_taken_once_and_its_file_kept(firm, now, inbox, folders):
    call = waiting_call(firm, now, custodian="tidewater")
    (inbox / "a.json").write_bytes(answer(call))
    (inbox / "again.json").write_bytes(answer(call))
    assert collect_answers(now) == 2
    assert collect_answers(now) == 0
    assert InboxMessage.objects.get().payload["code"] == "014"
    assert sorted(path.name for path in (folders / "tidewater" / "done").iterdir()) == ["a.json", "again.json"]


def test_files_that_cannot_be_read_are_put_aside_with_the_reason_and_the_next_is_taken(firm, now, inbox, folders):
    call = waiting_call(firm, now, custodian="tidewater")
    good = answer(call)
    bad = {
        "a-not-json": b"{",
        "b-not-signed": b'{"call": "x"}',
        "c-list": b"[]",
        "d-huge": b" " * 200_000,
        "e-changed": good.replace(b"014", b"022"),
        "f-no-reference": answer(call, outcome="acknowledged"),
        "g-binary": b"\xff\x00",
        "h-number": orjson.dumps({"webhook-id": 1, "body": 2}),
    }
    for name, content in bad.items():
        (inbox / f"{name}.json").write_bytes(content)
    (inbox / "z-good.json").write_bytes(good)
    assert collect_answers(now) == 1
    refused = folders / "tidewater" / "refused"
    assert {path.stem for path in refused.glob("*.json")} == set(bad)
    assert all(path.read_text().startswith("Expected a signed message, but ") for path in refused.glob("*.txt"))
    assert list(inbox.iterdir()) == []


def test_a_link_to_somewhere_else_is_not_followed(firm, now, inbox, folders, tmp_path):
    call = waiting_call(firm, now, custodian="tidewater")
    (tmp_path / "elsewhere.json").write_bytes(answer(call))
    (inbox / "link.json").symlink_to(tmp_path / "elsewhere.json")
    assert collect_answers(now) == 0
    assert (tmp_path / "elsewhere.json").exists()
    assert InboxMessage.objects.count() == 0


def test_a_file_that_is_still_being_written_is_left_alone(firm, now, inbox):
    (inbox / ".a.json.17.part").write_bytes(b"{")
    assert collect_answers(now) == 0
    assert [path.name for path in inbox.iterdir()] == [".a.json.17.part"]


def test_another_custodians_signature_does_not_open_the_door(firm, now, inbox, folders):
    call = waiting_call(firm, now, custodian="tidewater")
    call.connector = Connector.objects.get(code="meridian")
    (inbox / "a.json").write_bytes(answer(call))
    assert collect_answers(now) == 0
    assert InboxMessage.objects.count() == 0


def test_a_file_is_seen_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "call.json"
    file_drop.write_whole(path, b"first")

    def full(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        file_drop.write_whole(path, b"second")
    assert path.read_bytes() == b"first"
