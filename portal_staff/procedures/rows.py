"""A row of a decision table as a sentence: when it applies, and what is then to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.rules import PREPARER, place_of
from portal_staff.procedures.cells import both, clause, inside, listed, spaced, together, with_unit
from portal_staff.vocabulary import Vocabulary
from rulebook.feel import FeelError, compile_expression

Body = Mapping[str, Any]
Given = dict[str, Any]
Speak = Callable[[Vocabulary, Body, Given], Iterator[str]]


def row_sentence(words: Vocabulary, kind: str, body: Body, row: Mapping[str, Any]) -> str:
    """A rule of a table of this kind."""
    cells = row.get("when") or {}
    asked = [clause(words, column, cells.get(column["name"], "-")) for column in body["inputs"]]
    clauses = [each for each in asked if each]
    does = _done(words, kind, body, row.get("then") or {})
    if not clauses:
        return spaced(_("In every case: %(does)s.") % {"does": does})
    return spaced(_("Where %(clauses)s: %(does)s.") % {"clauses": both(clauses), "does": does})


def default_sentence(words: Vocabulary, kind: str, body: Body) -> str:
    """What is done where no rule of the table applies."""
    does = _done(words, kind, body, body["default"])
    return spaced(_("Where no rule of this table applies: %(does)s.") % {"does": does})


def _done(words: Vocabulary, kind: str, body: Body, cells: Mapping[str, str]) -> str:
    given = {name: _given(text) for name, text in cells.items()}
    said = list(_SPEAK.get(kind, _any_table)(words, body, given)) or [_("nothing follows")]
    return pgettext("between the things that a rule orders", "; ").join(said)


def _given(text: str) -> Any:
    """What an output says; one that is computed from the facts is shown as it is written."""
    try:
        expression = compile_expression(text)
        return text if expression.names else expression.evaluate({})
    except FeelError:
        return text


def _approval(words: Vocabulary, body: Body, given: Given) -> Iterator[str]:
    roles = [str(role) for role in given.get("roles") or ()]
    signing = sorted({role for role in roles if role != PREPARER}, key=place_of)
    if PREPARER in roles:
        yield _("the %(role)s prepares the work") % {"role": inside(words.said("roles", PREPARER))}
    if signing:
        in_words = together(_signers(words, role, roles.count(role)) for role in signing)
        several = _("the approvals of %(roles)s are needed, in this order")
        yield (several if len(signing) > 1 else _("the approval of %(roles)s is needed")) % {"roles": in_words}
    else:
        yield _("nobody else has to sign") if PREPARER in roles else _("nobody has to sign")
    if given.get("together"):
        at_once = together(inside(words.said("roles", str(role))) for role in given["together"])
        yield _("but at the same time are asked: %(roles)s") % {"roles": at_once}
    if given.get("evidence"):
        evidence = listed(words.said("evidence", str(item)) for item in given["evidence"])
        yield _("on record must be: %(evidence)s") % {"evidence": inside(evidence)}
    if given.get("adds_at_most"):
        yield _("this adds at most %(time)s") % {"time": words.said("adds_at_most", str(given["adds_at_most"]))}
    if given.get("in_bulk") is True:
        yield _("several of these may be decided at once")
    if given.get("log"):
        yield _("it is entered in the supervisory log, which a supervisor acknowledges")


def _signers(words: Vocabulary, role: str, count: int) -> str:
    """Who signs, and how many of them where it is more than one."""
    name = inside(words.said("roles", role))
    return _("%(count)s people as %(role)s") % {"count": count, "role": name} if count > 1 else name


def _target(words: Vocabulary, body: Body, given: Given) -> Iterator[str]:
    if not given.get("target"):
        yield _("no target is set")
        return
    about = {"target": words.said("target", str(given["target"])), "calendar": given.get("calendar") or "–"}
    yield _("the target is %(target)s by the calendar %(calendar)s") % about
    if given.get("cutoff"):
        yield _("what comes in from %(time)s on counts from the next working day") % {"time": given["cutoff"]}
    if given.get("cadence"):
        yield _("reminders are at least %(time)s apart") % {"time": words.said("cadence", str(given["cadence"]))}
    if given.get("regulatory") is True:
        yield _("a regulation sets it, so a second clock runs that never pauses")
        if given.get("limit"):
            yield _("the regulation in force allows %(time)s") % {"time": words.said("target", str(given["limit"]))}
    if given.get("driver"):
        yield _("source: %(driver)s") % {"driver": words.said("driver", str(given["driver"]))}


def _escalation(words: Vocabulary, body: Body, given: Given) -> Iterator[str]:
    if not given.get("to"):
        yield _("nobody is told")
        return
    about = {"tier": given.get("tier"), "to": inside(words.said("to", str(given["to"])))}
    yield _("tier %(tier)s of the escalation is told: %(to)s") % about
    if given.get("says"):
        yield _("they are asked: %(says)s") % {"says": inside(words.said("says", str(given["says"])))}
    if given.get("interval"):
        time = words.said("interval", str(given["interval"]))
        yield _("if nobody acts within %(time)s, the next tier is told") % {"time": time}


def _any_table(words: Vocabulary, body: Body, given: Given) -> Iterator[str]:
    for column in body["outputs"]:
        value = given.get(column["name"])
        if value not in (None, [], ""):
            about = {"name": words.label(column["name"]), "value": _value(words, column, value)}
            yield pgettext("an output of a rule", "%(name)s: %(value)s") % about


def _value(words: Vocabulary, column: Mapping[str, Any], value: Any) -> str:
    if type(value) is bool:
        return _("Yes") if value else _("No")
    if type(value) is Decimal:
        return with_unit(words, column, value)
    if type(value) is list:
        return listed(_value(words, column, each) for each in value)
    return words.said(column["name"], str(value))


_SPEAK: dict[str, Speak] = {
    "approval_matrix": _approval,
    "sla_targets": _target,
    "sla_escalation": _escalation,
}
