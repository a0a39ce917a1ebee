"""Reads of processes: compiled graphs, diagrams, what waits."""

from __future__ import annotations

from functools import lru_cache

from audit.models import Entry
from processes.engine import Document, Graph, compile_graph, parse
from processes.models import Instance, ProcessVersion
from rulebook.change_control import State


@lru_cache(maxsize=256)
def document(version_id: int) -> Document:
    """The parsed drawing of a version; a version never changes once it is proposed."""
    version = ProcessVersion.objects.only("xml").get(pk=version_id)
    return parse(bytes(version.xml), file=f"version {version_id}")


@lru_cache(maxsize=256)
def graph(version_id: int) -> Graph:
    """The compiled graph of a version."""
    return compile_graph(document(version_id))


def version_in_force(key: str) -> ProcessVersion:
    """The version that new instances of a model start with. Raises ProcessVersion.DoesNotExist."""
    return ProcessVersion.objects.get(model__key=key, state=State.IN_FORCE)


def diagram(instance: Instance, language: str, visited: frozenset[str] = frozenset()) -> str:
    """The instance's diagram as SVG with its tokens; `visited` are the nodes already left."""
    from processes.engine import render_svg

    active = graph(instance.version_id).active_nodes(instance.state) if instance.state else frozenset()
    return render_svg(document(instance.version_id), active=active, visited=visited, language=language)


def visited_nodes(instance: Instance) -> frozenset[str]:
    """Ids of the nodes that tokens have left, read from the ledger's entries of the instance: one statement."""
    subject = f"processes.instance:{instance.pk}"
    steps = Entry.objects.filter(subject=subject, fact="processes.instance.advanced").values_list("data", flat=True)
    return frozenset(node for data in steps for node in data.get("left", ()))
