"""Loading the demo firm from its files, through the same actions that the pages use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import models
from guardian.models import GroupObjectPermission

from accounts import actions as accounts
from accounts.models import Branch, Client, Team, User
from audit.actors import Actor
from audit.context import action
from calendars.queries import calendar
from calendars.rules import is_working
from catalog import actions as catalog
from catalog.models import BranchOffering, Channel, Product
from demo import files
from integrations import actions as integrations
from integrations.models import Connector
from processes import actions as processes
from processes.models import ProcessModel
from rulebook import actions as rulebook
from rulebook.acceptance import answer_of
from rulebook.checks import check
from rulebook.findings import findings_here
from rulebook.models import DecisionModel, Table
from rulebook.queries import table_of
from rulebook.tables import load_table
from work import actions as work
from work.models import Queue

PASSWORD = "harbor-lane-demo"  # noqa: S105 - printed by the demo, never used anywhere else
LOADER = Actor.system("demo set-up")
OWN_KIND = (
    "sla_targets",
    "sla_escalation",
    "routing",
    "break_severity",
)  # every other table is an approval matrix
FIRST = "First version, as the firm's procedures state it."
PROPOSED_AHEAD = timedelta(days=10)  # how far ahead the waiting proposal would take effect
KINDS: dict[str, type[models.Model]] = {
    "queues": Queue,
    "products": Product,
    "branches": Branch,
    "tables": Table,
    "processes": ProcessModel,
    "models": DecisionModel,
}


@dataclass
class Firm:
    """What was loaded, by code."""

    now: datetime
    branches: dict[str, Branch] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    @classmethod
    def standing(cls, now: datetime) -> Firm:
        """The firm that stands in the database."""
        return cls(
            now,
            branches={row.code: row for row in Branch.objects.all()},
            channels={row.code: row for row in Channel.objects.all()},
            teams={row.code: row for row in Team.objects.select_related("branch")},
            people={row.username: row for row in User.objects.all()},
            queues={row.code: row for row in Queue.objects.all()},
            clients={row.ref: row for row in Client.objects.all()},
            products={row.code: row for row in Product.objects.all()},
        )

    def when(self) -> dict[str, Any]:
        return {"actor": LOADER, "now": self.now}


@action
def load_firm(
    now: datetime, *, only: Iterable[str] | None = None, tell: Callable[[str], None] = lambda _: None
) -> Firm:
    """Load the whole firm as of an instant. only: codes of the products to load, all when left out."""
    described, firm = files.read_yaml("firm.yaml"), Firm(now)
    _places(firm, described)
    _people(firm, described)
    tell(f"{len(firm.people)} people in {len(firm.teams)} teams")
    _house(firm, described["house"])
    _clients(firm, files.read_yaml("clients.yaml")["clients"])
    tell(f"{len(firm.clients)} clients")
    folders = [path for path in files.product_folders() if only is None or path.name in only]
    _tables(firm)
    add_products(firm, folders)
    _rules(firm)
    tell(f"{len(firm.products)} products with their processes")
    _custodians(firm)
    rulebook.put_in_force(**firm.when())
    rulebook.MODELS.put_in_force(**firm.when())
    processes.put_in_force(**firm.when())
    return firm


@action
def add_products(firm: Firm, folders: list[Path]) -> None:
    """Put products on the shelf, with the processes that they run and call, and everybody's rights to them."""
    called = [*files.process_folders(folders), *files.own_process_folders(folders)]
    _shelves(firm, folders)
    for folder in folders:
        product = firm.products[folder.name]
        processes.add_model(key=product.process_key, name=product.name, **firm.when())
    for folder in called:
        name = files.read_yaml(str(folder / "process.yaml"))["name"]
        processes.add_model(key=folder.name, name=name, **firm.when())
    _rights(firm, files.read_yaml("firm.yaml")["permissions"])
    _processes(firm, [*called, *folders])


def _places(firm: Firm, described: dict[str, Any]) -> None:
    for row in described["branches"]:
        names = {name: row[name] for name in ("code", "name", "timezone", "calendar")}
        firm.branches[row["code"]] = accounts.open_branch(**names, **firm.when())
    for row in described["channels"]:
        firm.channels[row["code"]] = catalog.add_channel(code=row["code"], name=row["name"], **firm.when())
    for row in described["teams"]:
        branch = firm.branches[row["branch"]]
        team = accounts.form_team(code=row["code"], name=row["name"], branch=branch, **firm.when())
        firm.teams[row["code"]] = team
    for row in described["queues"]:
        firm.queues[row["code"]] = work.open_queue(
            code=row["code"],
            name=row["name"],
            team=firm.teams[row["team"]],
            branch=firm.branches[row["branch"]],
            role=row.get("role", ""),
            **firm.when(),
        )


def _people(firm: Firm, described: dict[str, Any]) -> None:
    hashed = make_password(PASSWORD)
    roles = {row["code"]: row for row in described["roles"]}
    for row in described["people"]:
        team = firm.teams.get(row["team"] or "")
        user = accounts.add_user(
            username=row["username"],
            display_name=row["name"],
            native_name=row.get("name_zh", ""),
            first_name=row["first_name"],
            roles=row["roles"],
            team=team,
            skills=row["skills"],
            language=_language(row["language"]),
            title=roles[row["roles"][0]]["name"],
            timezone=team.branch.timezone if team else "America/New_York",
            is_client_side=any(roles[code].get("client_side") for code in row["roles"]),
            hashed_password=hashed,
            **firm.when(),
        )
        firm.people[row["username"]] = user
        if team:
            accounts.join(user, accounts.group(f"team:{team.code}"), **firm.when())
    for row in described["teams"]:
        lead, manager = firm.people.get(row["lead"]), firm.people.get(row["manager"])
        accounts.appoint(firm.teams[row["code"]], lead=lead, manager=manager, **firm.when())
        if lead:
            accounts.join(lead, accounts.group(f"lead:{row['code']}"), **firm.when())


def _house(firm: Firm, row: dict[str, Any]) -> None:
    """The firm as its own client: nobody logs in for it, and it has no advisor."""
    firm.clients[row["ref"]] = accounts.add_client(
        ref=row["ref"],
        kind=Client.Kind.HOUSE,
        name=row["name"],
        native_name=row["name_zh"],
        tier=Client.Tier.STANDARD,
        branch=firm.branches[row["branch"]],
        **firm.when(),
    )


def _clients(firm: Firm, rows: list[dict[str, Any]]) -> None:
    hashed = make_password(PASSWORD)
    for row in rows:
        username = row.get("username") or row["ref"].lower()
        client = accounts.add_client(
            ref=row["ref"],
            kind=row["kind"],
            name=row["name"],
            native_name=row.get("name_zh", ""),
            account=row["account"],
            custodian=row["custodian"],
            tier=row["tier"],
            birth_date=row.get("birth_date"),
            branch=firm.branches[row["branch"]],
            advisor=firm.people[row["advisor"]],
            advisor_since=row["advisor_since"],
            language=_language(row["language"]),
            email=f"{username}@example.com",
            **firm.when(),
        )
        firm.clients[row["ref"]] = client
        person = row.get("contact", row["name"])
        user = accounts.add_user(
            username=username,
            display_name=person,
            native_name=row.get("name_zh", "") if row["kind"] == "person" else "",
            first_name=_given_name(person, chinese=_language(row["language"]) == "zh-hans"),
            email=client.email,
            roles=["client"],
            language=client.language,
            timezone=client.branch.timezone,
            is_client_side=True,
            hashed_password=hashed,
            **firm.when(),
        )
        firm.people[username] = user
        accounts.join(user, accounts.group(f"client:{client.ref}"), **firm.when())


def _shelves(firm: Firm, folders: list[Path]) -> None:
    for folder in folders:
        row = files.read_yaml(str(folder / "product.yaml"))
        product = catalog.add_product(
            code=row["code"],
            name=row["name"],
            summary=row["summary"],
            family=row["family"],
            icon=row["icon"],
            audience=row["audience"],
            form=files.read_json(folder / "order_form.json"),
            process_key=row["process"],
            parameters={"promise": row["promise"], "documents": row["documents"], **row["parameters"]},
            **firm.when(),
        )
        firm.products[product.code] = product
        for channel in row["channels"]:
            catalog.list_product(product, firm.channels[channel], **firm.when())
        for branch, parameters in row["branches"].items():
            offering = catalog.offer_at_branch(
                product, firm.branches[branch], parameters=parameters or {}, **firm.when()
            )
            if branch in row.get("slots", {}):
                open_slots(offering, row["slots"][branch], since=firm.now, now=firm.now)


def open_slots(offering: BranchOffering, plan: dict[str, Any], *, since: datetime, now: datetime) -> None:
    """Open the appointment places of a plan for the coming business days, where they are not open yet."""
    zone, cal = ZoneInfo(offering.branch.timezone), calendar(plan["calendar"])
    day, opened = since.astimezone(zone).date(), 0
    have = set(offering.slots.filter(starts_at__gte=since).values_list("starts_at", flat=True))
    while opened < plan["days_ahead"]:
        day += timedelta(days=1)
        if not is_working(cal, day):
            continue
        opened += 1
        for start in plan["starts"]:
            starts_at = datetime.combine(day, time.fromisoformat(start), zone)
            if starts_at not in have:
                ends_at = starts_at + timedelta(minutes=plan["minutes"])
                catalog.open_slot(
                    offering, starts_at=starts_at, ends_at=ends_at, capacity=plan["capacity"], actor=LOADER, now=now
                )


def _tables(firm: Firm) -> None:
    for table in [*files.tables(), *files.table_drafts()]:
        if not Table.objects.filter(key=table["key"]).exists():
            rulebook.add_table(key=table["key"], kind=_kind_of(table["key"]), name=table["name"], **firm.when())
    for key, described in files.models().items():
        rulebook.add_model(key=key, name=described["name"], **firm.when())


def _rights(firm: Firm, rows: list[dict[str, Any]]) -> None:
    """Grant what the file says and nobody holds yet."""
    about = ("group__name", "permission__codename", "content_type__model", "object_pk")
    held = set(GroupObjectPermission.objects.values_list(*about))
    for row in rows:
        for group, thing in _granted(firm, row):
            if (group, row["right"], thing._meta.model_name, str(thing.pk)) not in held:
                accounts.grant(accounts.group(group), row["right"], thing, **firm.when())


def _granted(firm: Firm, row: dict[str, Any]) -> Iterator[tuple[str, models.Model]]:
    if row["of"] != "own":
        yield from ((row["to"], thing) for thing in _things(firm, row["of"]))
        return
    for client in (each for each in firm.clients.values() if each.kind != Client.Kind.HOUSE):
        if row["to"] == "role:client":
            yield f"client:{client.ref}", client
        elif client.advisor:
            group = f"advisor:{client.advisor.username}"
            client.advisor.groups.add(accounts.group(group))
            yield group, client


def _things(firm: Firm, of: dict[str, Any]) -> Iterable[models.Model]:
    (kind, codes), *_others = of.items()
    if kind == "clients_of_branch":
        return [client for client in firm.clients.values() if codes == "all" or client.branch.code in codes]
    field_name = "key" if kind in ("tables", "processes", "models") else "code"
    model = KINDS[kind]
    chosen = model._default_manager.all()
    return chosen if codes == "all" else chosen.filter(**{f"{field_name}__in": codes})


def _rules(firm: Firm) -> None:
    maker, checker = Actor.of(firm.people["alan"], via="command"), Actor.of(firm.people["robert"], via="command")
    for body in files.tables():
        table = Table.objects.get(key=body["key"])
        draft = rulebook.draft_version(table, body=body, actor=maker, now=firm.now)
        rulebook.propose_version(draft.pk, justification=FIRST, effective_at=firm.now, actor=maker, now=firm.now)
        rulebook.approve_version(draft.pk, actor=checker, now=firm.now)
    for key in files.models():
        made = rulebook.draft_model(key, xml=files.model(key), file=f"{key}.dmn", actor=maker, now=firm.now)
        rulebook.MODELS.propose(made.pk, justification=FIRST, effective_at=firm.now, actor=maker, now=firm.now)
        rulebook.MODELS.approve(made.pk, actor=checker, now=firm.now)


def load_cases(firm: Firm, *, now: datetime) -> None:
    """The acceptance cases of the matrices, with what the versions in force decide as what is expected; of models."""
    maker = Actor.of(firm.people["alan"], via="command")
    for key, cases in files.read_yaml("cases.yaml").items():
        version = Table.objects.get(key=key).versions.get(state="in_force")
        for case in cases:
            outputs = answer_of(table_of(version), case["facts"]).outputs
            rulebook.save_case(version.pk, **case, outputs=outputs, actor=maker, now=now)
    for key, described in files.models().items():
        governing = DecisionModel.objects.get(key=key).versions.get(state="in_force")
        for case in described["cases"]:
            about = {**case, "facts": json.dumps(case["facts"])}
            rulebook.save_model_case(governing.pk, **about, actor=maker, now=now)


def load_drafts(firm: Firm, *, now: datetime) -> None:
    """Drafts that show what the checker says, and a proposal that waits for its second person."""
    maker = Actor.of(firm.people["alan"], via="command")
    for body in files.table_drafts():
        table = Table.objects.get(key=body["key"])
        base = table.versions.filter(state="in_force").first()
        draft = rulebook.draft_version(table, body=body, base=base, actor=maker, now=now)
        found = findings_here(table.kind, load_table(body), now)
        if check(load_table(body)).ok and not any(finding.is_error for finding in found):
            why = "Transfers soon after a change of advisor get a second look."
            effective_at = now + PROPOSED_AHEAD
            rulebook.propose_version(draft.pk, justification=why, effective_at=effective_at, actor=maker, now=now)


def change_a_rule(firm: Firm, *, key: str, rule: str, cells: Mapping[str, str], why: str, now: datetime) -> None:
    """A rule's outputs are changed as people do it: drafted by one, approved by another, in force at once."""
    table = Table.objects.get(key=key)
    base = table.versions.get(state="in_force")
    body = deepcopy(base.body)
    next(row for row in body["rules"] if row["id"] == rule)["then"].update(cells)
    maker, checker = Actor.of(firm.people["alan"], via="command"), Actor.of(firm.people["robert"], via="command")
    draft = rulebook.draft_version(table, body=body, base=base, actor=maker, now=now)
    rulebook.propose_version(draft.pk, justification=why, effective_at=now, actor=maker, now=now)
    rulebook.approve_version(draft.pk, actor=checker, now=now)


def _processes(firm: Firm, folders: list[Path]) -> None:
    maker, checker = Actor.of(firm.people["alan"], via="command"), Actor.of(firm.people["nadia"], via="command")
    for folder in folders:
        xml, forms = files.process_of(folder)
        key = firm.products[folder.name].process_key if folder.name in firm.products else folder.name
        draft = processes.draft_version(key, xml=xml, forms=forms, actor=maker, now=firm.now, file=f"{key}.bpmn")
        why = "First version, as drawn with the teams."
        processes.propose_version(draft.pk, justification=why, effective_at=firm.now, actor=maker, now=firm.now)
        processes.approve_version(draft.pk, actor=checker, now=firm.now)


def _custodians(firm: Firm) -> None:
    for row in files.read_yaml("custodians.yaml")["custodians"]:
        about = {name: row[name] for name in row if name not in ("code", "name", "way")}
        integrations.add_connector(
            code=row["code"], name=row["name"], way=Connector.Way(row["way"]), settings=about, **firm.when()
        )


def _kind_of(key: str) -> str:
    return key if key in OWN_KIND else "approval_matrix"


def _language(code: str) -> str:
    return "zh-hans" if code.startswith("zh") else "en"


def _given_name(name: str, *, chinese: bool) -> str:
    """What one is called by: in Chinese names the family name comes first."""
    words = name.split(" ")
    return words[-1] if chinese else words[0]
