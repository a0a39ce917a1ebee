"""Drafts of the firm's matrices."""

from __future__ import annotations

from copy import deepcopy

import pytest

from audit.actors import Actor
from rulebook import actions
from rulebook.models import Table, TableVersion


@pytest.fixture
def draft_with(firm, now):
    """A draft of a matrix, the transfers' where none is named, whose body was changed by a function."""

    def make(change, key="transfers") -> TableVersion:
        table = Table.objects.get(key=key)
        base = table.versions.get(state="in_force")
        body = deepcopy(base.body)
        change(body)
        return actions.draft_version(table, body=body, base=base, actor=Actor.of(firm.alan), now=now)

    return make
