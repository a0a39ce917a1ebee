"""Small drawings put in force under a key, and orders that run them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audit.actors import Actor
from catalog.models import Product
from orders.models import Order
from processes import actions, tasks
from processes.models import Instance, ProcessModel, ProcessVersion
from tests.firm import Cast, address_change, open_item
from tests.processes.engine.bpmn import HEAD, element, extensions
from work import actions as work
from work.models import WorkItem

SYSTEM = Actor.system("test")


def drawn(*parts: str, key: str = "main", around: str = "") -> bytes:
    """A file with one process. around: messages, signals and errors, which stand beside it."""
    body = element("process", key, "\n" + "".join(parts), isExecutable="true")
    return f"{HEAD}{around}{body}</bpmn:definitions>\n".encode()


def work_at(id: str, inner: str = "") -> str:
    """A user task whose item waits in the maintenance queue."""
    given = extensions(f'<tl:name zh-Hans="{id}"/><tl:work queue="maintenance" effort="5" priority="3"/>{inner}')
    return element("userTask", id, given, name=id)


def call(id: str, process: str) -> str:
    """A call activity."""
    return element("callActivity", id, calledElement=process)


def message(id: str, tag: str, name: str, *keys: str, **attributes: str) -> str:
    """An event or receive task of the message `m_<name>`; keys such as "account=number" (FEEL)."""
    pairs = [key.partition("=") for key in keys]
    given = "".join(f'<tl:key name="{key}" value="{value}"/>' for key, _, value in pairs)
    definition = element("messageEventDefinition", f"{id}_definition", messageRef=f"m_{name}")
    return element(tag, id, (extensions(given) if given else "") + definition, **attributes)


def signal(id: str, tag: str, name: str, **attributes: str) -> str:
    """An event of the signal `s_<name>`."""
    return element(tag, id, element("signalEventDefinition", f"{id}_definition", signalRef=f"s_{name}"), **attributes)


def named(tag: str, name: str, **attributes: str) -> str:
    """A message, signal, error or escalation of the file."""
    return element(tag, f"{tag[0]}_{name}", name=name, **attributes)


def put_in_force(firm: Cast, key: str, xml: bytes, now: datetime) -> ProcessVersion:
    """A drawing that two people agreed on governs from now on."""
    if not ProcessModel.objects.filter(key=key).exists():
        actions.add_model(key=key, name={"en": key, "zh-Hans": key}, actor=SYSTEM, now=now)
    version = actions.draft_version(key, xml=xml, forms={}, actor=SYSTEM, now=now, file=f"{key}.bpmn")
    actions.propose_version(version.pk, justification="Test.", effective_at=now, actor=SYSTEM, now=now)
    ProcessVersion.objects.filter(pk=version.pk).update(state="approved", checker=firm.nadia, approved_at=now)
    tasks.put_in_force(now)
    return ProcessVersion.objects.get(pk=version.pk)


def order_of(firm: Cast, key: str, now: datetime, *, sent_as: str = "key-1", **answers: Any) -> Order:
    """An order whose product runs the process of a key."""
    Product.objects.filter(code="address_change").update(process_key=key)
    return address_change(firm, now, key=sent_as, **answers)


def instance_of(order: Order) -> Instance:
    """The order's own instance as it is in the database."""
    return Instance.objects.select_related("version").get(pk=order.process_id)


def complete(order: Order, node: str, who: Any, now: datetime) -> None:
    """Claim and complete the order's open item at a node."""
    item = open_item(order, node)
    work.claim(item.public_id, actor=Actor.of(who), now=now)
    work.complete(item.public_id, answers={}, actor=Actor.of(who), now=now)


def open_nodes(order: Order) -> list[str]:
    """Nodes of the order's open items."""
    return sorted(WorkItem.objects.open().filter(order=order).values_list("node", flat=True))
