"""What must always hold under change control: every step of a version is legal and on record, one governs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.invariants import Checked, checked, select
from audit.walks import life, walk
from rulebook.models import ModelVersion, TableVersion

STEPS = {"drafted": "draft", "proposed": "proposed", "approved": "approved", "rejected": "rejected"}
STEPS |= {"withdrawn": "withdrawn", "in_force": "in_force", "superseded": "superseded"}


def tables_follow_from_entries() -> Checked:
    """I2: each step of a version of a table is legal and on record once."""
    return versions_follow_from_entries("rulebook.version", "a version of a table", TableVersion, "table_id")


def models_follow_from_entries() -> Checked:
    """I2: each step of a version of a decision model is legal and on record once."""
    return versions_follow_from_entries("rulebook.model_version", "a version of a model", ModelVersion, "model_id")


def versions_follow_from_entries(kind: str, noun: str, model: Any, thing: str) -> Checked:
    """I2 for versions. kind: what their facts begin with; thing: the column of what they are versions of.

    That a version was superseded is on record with the one that took over: one entry for both rows.
    """
    one = life(noun, {f"{kind}.{word}": state for word, state in STEPS.items()}, model)
    table = model._meta.db_table
    rows = {str(pk): (state, of) for pk, state, of in select(f"SELECT id, state, {thing} FROM {table}")}  # noqa: S608
    taken = sorted(_with_superseded(kind, {ref: of for ref, (_state, of) in rows.items()}), key=lambda step: step[0])
    return checked("I2", len(rows), walk(one, taken, {ref: state for ref, (state, _of) in rows.items()}))


def _with_superseded(kind: str, things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    facts = ", ".join(f"'{kind}.{word}'" for word in STEPS if word != "superseded")
    governing: dict[Any, str] = {}
    for subject, fact in select(f"SELECT subject, fact FROM audit_entry WHERE fact IN ({facts}) ORDER BY id"):  # noqa: S608
        ref = subject.rpartition(":")[2]
        if fact == f"{kind}.in_force" and ref in things:
            before = governing.get(things[ref])
            if before:
                yield before, f"{kind}.superseded"
            governing[things[ref]] = ref
        yield ref, fact
