"""Two people change one draft: cells of their own stand together, and where both changed one it is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.merging import Clash, merge

A4, A5, A6 = ({"amount": f"< {bound}"} for bound in (4, 5, 6))
B4, B5, B6 = ({"amount": f"[{bound}..9]", "age": "> 65"} for bound in (4, 5, 6))
OLDER, AGELESS = {**B5, "age": "> 70"}, {"amount": "[5..9]"}


def body(**rules: dict[str, str]) -> dict[str, Any]:
    """Rules by their id: the cells of each."""
    return {"rules": [{"id": name, "when": dict(cells), "then": {"roles": "x"}} for name, cells in rules.items()]}


def cells(merged: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {rule["id"]: rule["when"] for rule in merged["rules"]}


@pytest.mark.parametrize(
    ("mine", "theirs", "found", "clashes"),
    [
        pytest.param({"A": A5, "B": B5}, {"A": A4, "B": B4}, {"A": A4, "B": B4}, (), id="theirs only"),
        pytest.param({"A": A5, "B": OLDER}, {"A": A4, "B": B5}, {"A": A4, "B": OLDER}, (), id="rules apart"),
        pytest.param({"A": A5, "B": OLDER}, {"A": A5, "B": B4}, {"A": A5, "B": {**B4, "age": "> 70"}}, (), id="cells"),
        pytest.param({"A": A6, "B": B5}, {"A": A4, "B": B5}, {"A": A6, "B": B5}, (("A", "< 6", "< 4"),), id="clash"),
        pytest.param({"A": A4, "B": AGELESS}, {"A": A4, "B": B5}, {"A": A4, "B": AGELESS}, (), id="mine emptied one"),
        pytest.param({"A": {**A5, "age": "-"}, "B": B5}, {"A": A5, "B": B5}, {"A": A5, "B": B5}, (), id="dash is none"),
        pytest.param({"A": A5}, {"A": A5, "B": B5}, {"A": A5}, (), id="mine removed"),
        pytest.param({"A": A5, "B": B5}, {"B": B5}, {"B": B5}, (), id="theirs removed"),
        pytest.param({"A": A5}, {"A": A5, "B": B6}, {"A": A5, "B": B6}, (), id="removed, but changed there"),
        pytest.param({"A": A5, "B": B5, "C": A6}, {"A": A5, "B": B5, "D": A4},
                     {"A": A5, "B": B5, "C": A6, "D": A4}, (), id="both added"),
    ],
)  # fmt: skip
def test_changes_of_two(mine, theirs, found, clashes) -> None:
    merged = merge(body(A=A5, B=B5), body(**mine), body(**theirs))
    assert cells(merged.body) == found
    assert merged.clashes == tuple(Clash(rule, "amount", own, other) for rule, own, other in clashes)


def test_the_default_is_merged_as_a_rule() -> None:
    base = {"rules": [], "default": {"roles": "[]", "log": '"a"'}}
    mine, theirs = {"rules": [], "default": {"roles": '["x"]', "log": '"a"'}}, {"rules": [], "default": {"roles": "[]"}}
    assert merge(base, mine, theirs).body["default"] == {"roles": '["x"]'}


texts = st.sampled_from(["", "< 5", "> 5", "-"])
bodies = st.dictionaries(st.sampled_from("ABC"), st.dictionaries(st.sampled_from(["amount", "age"]), texts)).map(
    lambda rules: body(**rules)
)


@given(bodies, bodies)
def test_who_changed_nothing_takes_nothing_back(base, other) -> None:
    assert cells(merge(base, base, other).body) == cells(merge(other, other, other).body)
    assert cells(merge(base, other, base).body) == cells(merge(other, other, other).body)
    assert merge(base, base, other).clashes == merge(base, other, base).clashes == ()
