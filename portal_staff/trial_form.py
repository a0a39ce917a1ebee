"""A dry run as its page sends it: the plan so far travels along, each button adds one step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from audit.refusals import Invalid
from audit.texts import is_storable
from orders.days import read_moment
from processes.trial import MAX_STEPS, Trial

LONGEST = 200_000  # characters of a plan
LONGEST_FIELD = 20_000  # characters of a field's lines; the page itself cuts nothing off
DEEPEST, DEEPEST_VALUE = 40, 30  # levels of lists and objects: in a plan its values stand some levels down
PARTS = ("now", "variables", "hold", "steps")


def plan_from(text: str) -> dict[str, Any]:
    """The plan that travels with the page. Raises Invalid for one that no page of ours has sent."""
    try:
        plan = json.loads(text) if 0 < len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        plan = None
    if not isinstance(plan, dict) or set(plan) - set(PARTS) or not _is_sound(plan):
        raise Invalid(_("Expected the steps of a dry run of at most %(most)s characters.") % {"most": f"{LONGEST:,}"})
    if not isinstance(plan.get("steps"), list) or len(plan["steps"]) >= MAX_STEPS:
        raise Invalid(_("Expected at most %(most)s steps in a dry run.") % {"most": MAX_STEPS})
    return plan


def _is_sound(plan: Mapping[str, Any]) -> bool:
    try:
        return is_storable(plan, DEEPEST) and read_moment(str(plan.get("now"))) is not None
    except ValueError:
        return False


def step_from(posted: Mapping[str, str], stands: Trial) -> dict[str, Any]:
    """The step that a button asks for where a dry run stands. Raises Invalid, naming the field."""
    verb, _colon, name = posted.get("do", "").partition(":")
    if verb == "complete":
        return {"complete": name, "variables": variables_from(posted.get(f"variables-{name}", ""), f"variables-{name}")}
    if verb == "error":
        return {"throw_error": {"task": name, "code": posted.get(f"code-{name}", "").strip()}}
    if verb == "escalate":
        return {"escalate": {"task": name, "code": posted.get(f"code-{name}", "").strip()}}
    if verb == "due" and stands.next_due is not None:
        seconds = max((stands.next_due - stands.now).total_seconds(), 0)
        return {"advance_time": f"PT{seconds:.6f}".rstrip("0").rstrip(".") + "S"}
    if verb == "time":
        return {"advance_time": posted.get("duration", "").strip()}
    if verb == "message" and name.isdecimal() and int(name[:4]) < len(stands.receivers):
        payload = variables_from(posted.get(f"payload-{name}", ""), f"payload-{name}")
        return {**stands.receivers[int(name[:4])].step, "payload": payload}
    if verb == "signal":
        return {verb: name, "payload": {}}
    if verb == "set":
        return {"set_variables": variables_from(posted.get("set", ""), "set")}
    if verb == "cancel":
        return {"cancel": True}
    raise Invalid(_("Expected one of the page's steps, but got another."))


def variables_from(text: str, field: str) -> dict[str, Any]:
    """Lines `name = value`, each value as JSON has it. Raises Invalid with the first line that is none, or for more
    than `LONGEST_FIELD` characters."""
    if len(text) > LONGEST_FIELD:
        problem = _("Expected at most %(most)s characters, but there are %(count)s. A shorter value does as well here.")
        said = problem % {"most": f"{LONGEST_FIELD:,}", "count": f"{len(text):,}"}
        raise Invalid(said, fields={field: said})
    found: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        try:
            if not (equals and name.isidentifier()):
                raise ValueError
            found[name] = json.loads(value, parse_constant=_no_constant)
            if not is_storable(found[name], DEEPEST_VALUE):
                raise ValueError
        except (ValueError, RecursionError):
            problem = _('Line %(number)s: expected name = value, with a value such as 500, "text", true or [1, 2].')
            raise Invalid(problem % {"number": number}, fields={field: problem % {"number": number}}) from None
    return found


def lines_of(variables: Mapping[str, Any]) -> str:
    """Variables as the lines that `variables_from` reads."""
    return "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in variables.items())


def example_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that a form would take, to begin from: the first choice, the smallest number, an empty text."""
    return {name: _example(about) for name, about in schema.get("properties", {}).items()}


def _example(about: Mapping[str, Any]) -> Any:
    if "const" in about or about.get("enum"):
        return about["const"] if "const" in about else about["enum"][0]
    kind = about.get("type")
    if kind in ("number", "integer"):
        return about.get("minimum", 0)
    return {"boolean": True, "array": [], "object": {}}.get(str(kind), "")


def _no_constant(name: str) -> Any:
    raise ValueError(name)
