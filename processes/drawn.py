"""What the drawings say that govern orders now or soon: for rooms that ask where something of theirs is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from processes.models import Instance, ProcessVersion
from processes.queries import calls_of, forms, graph
from rulebook.change_control import State


@dataclass(frozen=True)
class Drawn:
    """Of a process with those that it calls: the words of an attribute of its elements, and the forms of its tasks."""

    words: frozenset[str]
    forms: tuple[Mapping[str, Any], ...]


def drawn_by_process(element: str, attribute: str) -> dict[str, Drawn]:
    """By the key of each process what its drawings say in an attribute, such as ("approval", "matrix").

    Of the version in force, of one that is approved, and of those that orders under way keep; a call whose process is
    reckoned may be of any. One statement beside the drawings, which are read once a process.
    """
    own: dict[str, list[int]] = {}
    for version, key in _governing():
        own.setdefault(key, []).append(version)
    return {key: _of([each for found in _below(key, own) for each in own[found]], element, attribute) for key in own}


def _governing() -> list[tuple[int, str]]:
    running = Instance.objects.filter(version=OuterRef("pk"), status=Instance.Status.RUNNING)
    current = Q(state__in=(State.APPROVED, State.IN_FORCE)) | Exists(running)
    return list(ProcessVersion.objects.filter(current).order_by("pk").values_list("pk", "model__key"))


def _below(key: str, own: Mapping[str, list[int]]) -> list[str]:
    """The process and those that it calls, in however many steps."""
    found, todo = {key: None}, [key]
    while todo:
        called = {name for version in own[todo.pop()] for name in calls_of(version)}
        new = [name for name in (own if "" in called else called) if name in own and name not in found]
        found |= dict.fromkeys(new)
        todo += new
    return list(found)


def _of(versions: list[int], element: str, attribute: str) -> Drawn:
    nodes = [node for version in versions for node in graph(version).nodes.values()]
    words = {node.attributes.get(element, {}).get(attribute, "") for node in nodes} - {""}
    return Drawn(frozenset(words), tuple(form for version in versions for form in forms(version).values()))
