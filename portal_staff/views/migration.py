"""Moving running instances to another version of their process: what maps, a try without effect, then the move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.authority import holds
from audit.refusals import Invalid, NotAllowed, Refusal
from portal_staff.access import actor, requires
from portal_staff.drawing_words import kind_of
from portal_staff.instance_parts import labels_of
from portal_staff.instances import orders_of, page_of, ref_of
from portal_staff.process_models import model_seen, version_of
from processes import actions, migration, queries
from processes.engine import EngineError, Graph, Node
from processes.models import Instance, ProcessModel, ProcessVersion
from processes.outside import outside
from processes.reasons import reason_of
from processes.waiting import OPEN
from rulebook.said import in_words

LOOKED_AT = 200  # instances of one request that only looks
MOVED = 50  # instances of one request that moves, each in a transaction of its own
FIELD = "to."
WHY: dict[str, str | Promise] = {
    migration.GONE: gettext_lazy("has no counterpart"),
    migration.ELSEWHERE: gettext_lazy("stands in another part of the drawing there"),
    migration.REPEATED: gettext_lazy("is repeated in another way there"),
    migration.MAPPED: gettext_lazy("has variables of its own there"),
    migration.ONE_OF_SEVERAL: gettext_lazy("waits behind a fork for whatever comes first there"),
    migration.ONE_WAY: gettext_lazy("waits for the rest with tokens of several ways, which are one there"),
    migration.LOST_WAY: gettext_lazy("waits for the rest with a token from a way that is gone"),
    migration.ENDLESS: gettext_lazy("would wait there for ever, as nothing can come by one of its ways"),
    migration.SHARED: gettext_lazy("would stand at one element there with “%(other)s”"),
}
Problem = migration.Problem


@require_http_methods(["GET", "HEAD", "POST"])
@requires("approve_process")
def migrate(request: HttpRequest, key: str, old: int, new: int) -> HttpResponse:
    """What maps by itself and what must be chosen; with `look` what would move; posted, the next ones move."""
    model = model_seen(request.user, key)
    if not holds(request.user, "approve_process", model.pk):
        raise NotAllowed(_("Expected somebody who approves versions of this process, but you do not."))
    versions = version_of(model, old, "xml", "forms"), version_of(model, new, "xml", "forms")
    actions.expect_target(*versions)
    graphs = queries.graph(versions[0].pk), queries.graph(versions[1].pk)
    source = request.POST if request.method == "POST" else request.GET
    given = _given(graphs[0], source)
    context = _plan(model, versions, graphs, given) | {"typed": source}
    try:
        nodes, status = migration.mapping(*graphs, given), 200
    except migration.BadMap as wrong:
        context |= {"wrong": [_misfit(*graphs, one) for one in wrong.misfits], **_counts(versions[0])}
        return render(request, "portal_staff/migration.html", context, status=422)
    if request.method == "POST":
        try:
            reason = reason_of(request.POST.get("reason", ""), _("Say why, in a few words."))
        except Invalid as wrong:
            context |= _looked(versions[0], graphs, nodes, request) | {"reason_error": wrong.fields["reason"]}
            status = 422
        else:
            context |= _moved(request, versions, given, reason)
    elif request.GET.get("look"):
        context |= _looked(versions[0], graphs, nodes, request)
    return render(request, "portal_staff/migration.html", context | _counts(versions[0]), status=status)


def _given(old: Graph, source: Mapping[str, str]) -> dict[str, str]:
    """The counterparts that were chosen by hand."""
    chosen = {name.removeprefix(FIELD): target for name, target in source.items() if name.startswith(FIELD) and target}
    return {name: target for name, target in chosen.items() if name in old.nodes}


def _plan(
    model: ProcessModel, versions: tuple[ProcessVersion, ProcessVersion], graphs: tuple[Graph, Graph], given: Any
) -> dict[str, Any]:
    old, new = graphs
    by_itself = migration.mapping(old, new)
    names, targets = labels_of(old), labels_of(new)
    return {
        "model": model,
        "old": versions[0],
        "new": versions[1],
        "given": given,
        "mapped": [(names[name], targets[target]) for name, target in by_itself.items()],
        "unmapped": [
            {
                "id": name,
                "label": names[name],
                "why": _why(old, new, node),
                "chosen": given.get(name, ""),
                "choices": [
                    (each.id, targets[each.id]) for each in new.nodes.values() if migration.is_alike(node, each)
                ],
            }
            for name, node in old.nodes.items()
            if name not in by_itself
        ],
    }


def _counts(old: ProcessVersion) -> dict[str, int]:
    """How many instances still run a version, and how many of it stand still."""
    rows = Instance.objects.filter(version=old, status__in=OPEN).values_list("status").annotate(Count("pk"))
    counts = dict(rows)
    return {"running": counts.get("running", 0), "failed": counts.get("error", 0)}


def _why(old: Graph, new: Graph, node: Node) -> str:
    if node.id not in new.nodes:
        return _("It is not in the other version.")
    if not migration.is_alike(node, new.nodes[node.id]):
        return _("It is another kind of element there.")
    return _("It stands in another part of the drawing there.")


def _looked(old: ProcessVersion, graphs: tuple[Graph, Graph], nodes: Any, request: HttpRequest) -> dict[str, Any]:
    """What would move of the next instances, and what would not and why; nothing changes."""
    now = timezone.now()
    batch, last, left = _next(old, request.GET.get("after", ""), LOOKED_AT)
    found = [(each, migration.hindrances(*graphs, each.state, nodes, now, outside(now))) for each in batch]
    fit = sum(not why for _each, why in found)
    return {
        "looked": {"count": len(found), "fit": fit, "stay": len(found) - fit, "left": left, "last": last},
        "rows": _rows(found, graphs[0], request.user),
    }


def _moved(
    request: HttpRequest, versions: tuple[ProcessVersion, ProcessVersion], given: Mapping[str, str], reason: str
) -> dict[str, Any]:
    """Move the next instances, each by itself; those that cannot stay."""
    batch, last, left = _next(versions[0], request.POST.get("after", ""), MOVED)
    found = [(each, _move(request, each, versions[1], given, reason)) for each in batch]
    went = sum(not why for _each, why in found)
    moved = _number(request.POST.get("moved", "")) + went
    stayed = _number(request.POST.get("stayed", "")) + len(found) - went
    done = {"moved": moved, "stayed": stayed, "left": left, "last": last, "total": moved + stayed + left}
    return {"done": done, "rows": _rows(found, queries.graph(versions[0].pk), request.user)}


def _move(
    request: HttpRequest, each: Instance, to: ProcessVersion, given: Mapping[str, str], reason: str
) -> list[Problem]:
    try:
        by = actor(request)
        actions.migrate_instance(each.pk, to=to, given=given, reason=reason, actor=by, now=timezone.now())
    except EngineError as error:
        return [Problem(error.node, str(error))]
    except Refusal as refusal:
        return [Problem("", refusal.sentence)]
    return []


def _next(old: ProcessVersion, after: str, size: int) -> tuple[list[Instance], int, int]:
    """The next running instances of a version, the key of the last of them, and how many come behind it."""
    running = Instance.objects.filter(version=old, status=Instance.Status.RUNNING).order_by("pk")
    batch = list(running.filter(pk__gt=_number(after))[:size])
    last = batch[-1].pk if batch else 0
    return batch, last, running.filter(pk__gt=last).count() if len(batch) == size else 0


def _rows(found: Iterable[tuple[Instance, list[Problem]]], old: Graph, user: Any) -> list[dict[str, Any]]:
    """Instances with what hinders them. One of an order that the reader may not see is named by its own number."""
    found = list(found)
    orders, labels = orders_of([each for each, _why in found], user), labels_of(old)
    rows = []
    for each, hindered in found:
        ref = ref_of(each, orders.get(each.root_key))
        rows.append(
            {
                "number": each.pk,
                "ref": ref,
                "url": page_of(ref, each.serial) if ref else "",
                "started_at": each.started_at,
                "why": [(labels.get(one.node, one.node), _because(one, labels)) for one in hindered],
            }
        )
    return rows


def _misfit(old: Graph, new: Graph, wrong: migration.Misfit) -> str:
    """A chosen counterpart that is none, its elements called as the page calls them."""
    one, other = old.nodes[wrong.source], new.nodes.get(wrong.target)
    if other is None:
        return in_words(wrong.reason, _, get_language())
    return _("Expected something of the same kind as “%(source)s” (%(one)s), but “%(target)s” is: %(other)s.") % {
        "source": labels_of(old)[one.id],
        "one": kind_of(one),
        "target": labels_of(new)[other.id],
        "other": kind_of(other),
    }


def _because(problem: Problem, labels: Mapping[str, str]) -> str:
    sentence = str(WHY.get(problem.why, problem.why))
    return sentence % {"other": labels.get(problem.other, problem.other)} if problem.other else sentence


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
