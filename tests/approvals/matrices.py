"""Builders: small matrices, and firms of which only what a check looks at is said."""

from approvals.seats import Desk, Firm, Seat
from rulebook.tables import load_table

AMOUNT = {"name": "amount", "type": "number", "unit": "USD"}
LEAD, MANAGER, COMPLIANCE = "team_lead", "operations_manager", "compliance"


def matrix(rows, *, inputs=(AMOUNT,), hit_policy="unique", default=None):
    """A matrix. rows: {id: ({column: cell}, [roles])}; default: roles."""

    def roles(names):
        return {"roles": "[" + ", ".join(f'"{name}"' for name in names) + "]"}

    return load_table(
        {
            "key": "sample",
            "name": {"en": "Sample", "zh-Hans": "示例"},
            "hit_policy": hit_policy,
            "inputs": list(inputs),
            "outputs": [{"name": "roles", "type": "list"}],
            "rules": [{"id": key, "when": when, "then": roles(names)} for key, (when, names) in rows.items()],
            "default": None if default is None else roles(default),
        }
    )


def seat(holders="", above="", *, personal=False):
    """A seat of people named by one letter each."""
    return Seat(frozenset(map(ord, holders)), frozenset(map(ord, above)), personal)


def firm(*, makers="", lent=None, **seats):
    """A firm of one desk. seats: role → `seat`, or its holders."""
    held = {role: each if isinstance(each, Seat) else seat(each) for role, each in seats.items()}
    names = {ord(letter): letter for letter in "abcdefghijklmnopqrstuvwxyz"}
    lends = {ord(giver): frozenset(map(ord, takers)) for giver, takers in (lent or {}).items()}
    return Firm((Desk(held, {1: "here"}),), names, makers=frozenset(map(ord, makers)), lent=lends)
