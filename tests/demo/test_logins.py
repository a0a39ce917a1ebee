"""The logins that the demo prints: each exists, and says truly who signs what."""

from config.wiring import COMPLIANCE
from demo import files
from demo.serving import LOGINS


def test_every_printed_login_exists() -> None:
    known = {row["username"] for row in files.read_yaml("firm.yaml")["people"]}
    clients = {
        row.get("username")
        for rows in files.read_yaml("clients.yaml").values()
        for row in rows
        if isinstance(row, dict)
    }
    assert {name for _role, name, _see in LOGINS} <= known | clients


def test_who_has_to_approve_what_is_supervisory_is_said() -> None:
    said = {name: see for _role, name, see in LOGINS}
    people = {row["username"]: set(row["roles"]) for row in files.read_yaml("firm.yaml")["people"]}
    assert people["robert"] & set(COMPLIANCE)
    assert not people["nadia"] & set(COMPLIANCE)
    assert "supervisory" in said["robert"]
    assert "robert" in said["nadia"]
