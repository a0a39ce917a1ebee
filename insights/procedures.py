"""What governed at a moment, and how many orders each rule of it was applied to: what written procedures state.

Applications are counted set-wise from what was stored when the rules decided, never by deciding each order again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.authority import has_any, roles
from approvals.models import Request
from audit.refusals import NotAllowed
from processes.models import Passage, ProcessModel, ProcessVersion
from rulebook.change_control import ControlledVersion, State
from rulebook.model_queries import models_at, models_visible_to
from rulebook.models import DecisionModel, ModelVersion, Table, TableVersion
from rulebook.queries import table_of, tables_visible_to
from rulebook.tables import DecisionTable, FactError, NoRule, decide
from sla.models import Clock
from sla.targets import ORDER
from work.models import WorkItem

RIGHTS = ("edit_table", "approve_table", "oversee_branch", "examine_branch")
READERS = frozenset({"compliance", "chief_compliance_officer"})  # they answer for the procedures: they read all
OTHERWISE = ""  # stands for a table's row of what no rule covers
Counts = dict[str, int]  # orders by rule or element
Version = TypeVar("Version", bound=ControlledVersion)
_EACH_RULE = {
    "sqlite": "json_each(r.rules) e",
    "postgresql": "jsonb_array_elements_text(r.rules) AS e(value)",
}


def may_read(user: Any) -> bool:
    """Whether the user may read written procedures: who may see the rulebook, and who answers for it."""
    return has_any(user, *RIGHTS) or answers_for_all(user)


def expect_reader(user: Any) -> None:
    """Raises NotAllowed for who may not."""
    if not may_read(user):
        raise NotAllowed(
            _("Expected somebody who may see the rulebook or answers for compliance, but you do neither."),
            next_step=_("Ask compliance for the document, if your work needs it."),
        )


def answers_for_all(user: Any) -> bool:
    """Whether the user reads every procedure by their role."""
    return bool(READERS & roles(user))


def tables_read_by(user: Any) -> QuerySet[Table]:
    """Tables whose rules the user may read as written procedures."""
    return Table.objects.all() if answers_for_all(user) else tables_visible_to(user)


def tables_at(tables: QuerySet[Table], at: datetime) -> list[TableVersion]:
    """The version of each of the tables that governed at a moment: one statement."""
    versions = _governing(TableVersion.objects.filter(table__in=tables), at)
    return list(versions.select_related("table", "maker", "checker").order_by("table__kind", "table__key"))


def decision_models_at(user: Any, at: datetime) -> list[ModelVersion]:
    """The version of each decision model that the user may read that governed at a moment: one statement."""
    models = DecisionModel.objects.all() if answers_for_all(user) else models_visible_to(user)
    return list(models_at(models, at).defer(None))


def processes_at(models: QuerySet[ProcessModel], at: datetime) -> list[ProcessVersion]:
    """The version of each of the processes that governed at a moment, without its file: one statement."""
    versions = _governing(ProcessVersion.objects.filter(model__in=models), at)
    found = versions.select_related("model", "maker", "checker").defer("xml", "forms")
    return list(found.order_by("model__key"))


def rules_applied(versions: Sequence[TableVersion], since: datetime, until: datetime) -> dict[int, Counts]:
    """By version and rule, the orders to which the rule was applied in [since, until), while its version governed.

    A version whose kind of table leaves no record rule by rule is missing. Two statements, and two for each table of
    targets or routing.
    """
    counted: dict[int, Counts] = _approvals(versions, since, until)
    for version in versions:
        count = _BY_KIND.get(version.table.kind)
        if count is not None:
            began, ended = _while_in_force(version, since, until)
            counted[version.pk] = count(table_of(version), began, ended)
    return counted


def elements_passed(versions: Iterable[ProcessVersion], since: datetime, until: datetime) -> dict[int, Counts]:
    """By version and element, the orders that were done with the element in [since, until): one statement."""
    ended = Passage.objects.filter(version__in=list(versions), left_at__gte=since, left_at__lt=until)
    counted: dict[int, Counts] = {}
    groups = ended.order_by().values_list("version", "node")
    for version, node, orders in groups.annotate(Count("order", distinct=True)):
        counted.setdefault(version, {})[node] = orders
    return counted


def _governing(versions: QuerySet[Version], at: datetime) -> QuerySet[Version]:
    ran = Q(superseded_at=None) | Q(superseded_at__gt=at)
    return versions.filter(ran, in_force_at__lte=at, state__in=(State.IN_FORCE, State.SUPERSEDED))


def _while_in_force(version: ControlledVersion, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    return max(since, version.in_force_at or since), min(until, version.superseded_at or until)


def _approvals(versions: Sequence[TableVersion], since: datetime, until: datetime) -> dict[int, Counts]:
    """What requests for approval keep: the version that decided, and the rows that matched."""
    asked = [version.pk for version in versions if version.table.kind == "approval_matrix"]
    if not asked:
        return {}
    counted: dict[int, Counts] = {pk: {} for pk in asked}
    places = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.table_version_id, e.value, COUNT(DISTINCT r.order_id) FROM approvals_request r, "  # noqa: S608
            f"{_EACH_RULE[connection.vendor]} WHERE r.opened_at >= %s AND r.opened_at < %s "
            f"AND r.table_version_id IN ({places}) GROUP BY r.table_version_id, e.value",
            [_moment(since), _moment(until), *asked],
        )
        for version, rule, orders in cursor.fetchall():
            counted[version][rule] = orders
    unmatched = Request.objects.filter(table_version__in=asked, opened_at__gte=since, opened_at__lt=until, rules=[])
    for version, orders in unmatched.order_by().values_list("table_version").annotate(Count("order", distinct=True)):
        counted[version][OTHERWISE] = orders
    return counted


def _moment(moment: datetime) -> Any:
    """A moment as the database compares it in a statement of our own."""
    return connection.ops.adapt_datetimefield_value(moment)


def _targets(table: DecisionTable, since: datetime, until: datetime) -> Counts:
    """Clocks that were started, by what the table decides from: product, step and the client's tier."""
    started = Clock.objects.filter(started_at__gte=since, started_at__lt=until)
    facts = {"product": "order__product__code", "node": "work_item__node", "client_tier": "order__client__tier"}
    return _decided(table, started, facts, {"node": ORDER})


def _routes(table: DecisionTable, since: datetime, until: datetime) -> Counts:
    """Work items that were opened, by their queue."""
    opened = WorkItem.objects.filter(opened_at__gte=since, opened_at__lt=until)
    return _decided(table, opened, {"queue": "queue__code"}, {})


def _decided(table: DecisionTable, rows: QuerySet[Any], facts: Mapping[str, str], missing: Mapping[str, str]) -> Counts:
    """Orders of rows by the rules that decide them: each combination of facts is decided once, then rows are counted.

    facts: column by fact; missing: what a fact is where the column is null.
    """
    places: dict[tuple[str, ...], int] = {}
    known = []
    for values in rows.order_by().values_list(*facts.values()).distinct():
        given = {name: missing.get(name) if value is None else value for name, value in zip(facts, values, strict=True)}
        place = places.setdefault(_rules_for(table, given), len(places))
        known.append(When(**dict(zip(facts.values(), values, strict=True)), then=Value(place)))
    if not known:
        return {}
    by_place = rows.order_by().annotate(place=Case(*known, output_field=IntegerField())).values_list("place")
    orders = dict(by_place.annotate(Count("order", distinct=True)))
    counted: Counts = {}
    for rules, place in places.items():
        for rule in rules:
            counted[rule] = counted.get(rule, 0) + orders.get(place, 0)
    return counted


def _rules_for(table: DecisionTable, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The rules that decide, none where the table does not know such facts."""
    try:
        return decide(table, facts).rules or (OTHERWISE,)
    except (NoRule, FactError):
        return ()


_BY_KIND: dict[str, Callable[[DecisionTable, datetime, datetime], Counts]] = {
    "sla_targets": _targets,
    "routing": _routes,
}
