"""Reads for the pages of models: how many instances run, and at which nodes they stand. Each is bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery

from processes.models import Instance, ProcessModel, ProcessVersion
from processes.queries import graph

MOST_COUNTED = 1000  # of each model or version: a page shows "999+" from there on
MOST_LOOKED_AT = 500  # whose states are read for one picture


class _Counted(Subquery):
    """How many rows a subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def with_running(models: QuerySet[ProcessModel]) -> QuerySet[Any]:
    """The same with `running`: instances of all versions, at most `MOST_COUNTED`; no statement more."""
    return models.annotate(running=_Counted(_running().filter(version__model=OuterRef("pk"))[:MOST_COUNTED]))


def versions_with_running(model: ProcessModel) -> QuerySet[Any]:
    """A model's versions, the newest first, without their files, each with `running` as above."""
    running = _Counted(_running().filter(version=OuterRef("pk"))[:MOST_COUNTED])
    versions = model.versions.select_related("model", "maker", "checker").defer("xml", "forms")
    return versions.annotate(running=running).order_by("-number")


@dataclass(frozen=True)
class Standing:
    """By node id how many of the instances looked at stand there."""

    nodes: Mapping[str, int]
    looked_at: int


def standing(version: ProcessVersion) -> Standing:
    """Where the instances of a version stand that were begun last, at most `MOST_LOOKED_AT`: one statement."""
    rows = Instance.objects.filter(version=version, status=Instance.Status.RUNNING).order_by("-pk")
    states = list(rows.values_list("state", flat=True)[:MOST_LOOKED_AT])
    drawn = graph(version.pk) if states else None
    nodes = Counter(node for state in states if drawn and state for node in drawn.active_nodes(state))
    return Standing(dict(nodes), len(states))


def _running() -> QuerySet[Instance, int]:
    return Instance.objects.filter(status=Instance.Status.RUNNING).order_by().values_list("pk", flat=True)
