"""What must always hold for calls and messages: what goes out follows from the ledger, what comes in acts once."""

from __future__ import annotations

from collections import Counter

from audit.invariants import Checked, bare, checked, member, select


def calls_follow_from_entries() -> Checked:
    """I8: every call follows from an entry, and one that went out says so in the ledger."""
    facts: Counter[tuple[str, str]] = Counter()
    for subject, fact in select("SELECT subject, fact FROM audit_entry WHERE subject LIKE 'integrations.call:%%'"):
        facts[bare(subject.partition(":")[2]), fact.rpartition(".")[2]] += 1
    rows = [
        (bare(ref), state, sent_at)
        for ref, state, sent_at in select("SELECT public_id, state, sent_at FROM integrations_outboxcall")
    ]
    refs = {ref for ref, _state, _sent in rows}
    found = {
        "a call follows from no entry, or from two": [ref for ref, *_rest in rows if facts[ref, "queued"] != 1],
        "a call was sent without an entry, or has one and was not": [
            ref for ref, _state, sent_at in rows if (sent_at is not None) != (facts[ref, "sent"] > 0)
        ],
        "a call was withdrawn or parked without an entry": [
            ref for ref, state, _sent in rows if state in ("withdrawn", "parked") and not facts[ref, state]
        ],
        "an entry speaks of a call that does not exist": {ref for ref, _fact in facts if ref not in refs},
    }
    return checked("I8", len(rows), found)


def messages_act_once() -> Checked:
    """I9: a message is taken once and acts once; what was late or unknown moved nothing."""
    doubled = (
        "SELECT connector_id, message_id FROM integrations_inboxmessage GROUP BY connector_id, message_id "
        "HAVING COUNT(*) > 1"
    )
    unhandled = "SELECT id FROM integrations_inboxmessage WHERE (outcome = 'waiting') <> (handled_at IS NULL)"
    rows = list(select("SELECT id, kind, call_id, outcome FROM integrations_inboxmessage"))
    applied = Counter(bare(call) for _pk, kind, call, outcome in rows if outcome == "applied" and kind == "answer")
    sql = "SELECT public_id FROM integrations_outboxcall WHERE state = 'answered'"
    answered = {bare(ref) for (ref,) in select(sql)}
    found = {
        "a message was taken more than once": [message for _connector, message in select(doubled)],
        "a message's outcome does not fit its handling": [pk for (pk,) in select(unhandled)],
        "a call was answered by two messages": [call for call, times in applied.items() if times > 1],
        "a call is answered without a message, or a message acted on one that is not": answered ^ set(applied),
        "a message's entries do not fit what it did": _by_entries({pk: outcome for pk, _kind, _call, outcome in rows}),
        "an acknowledged call has no reference": _without_reference(),
    }
    return checked("I9", len(rows), found)


def _by_entries(outcomes: dict[int, str]) -> list[int]:
    facts: Counter[tuple[int, str]] = Counter()
    for subject, fact in select("SELECT subject, fact FROM audit_entry WHERE subject LIKE 'integrations.message:%%'"):
        facts[int(subject.partition(":")[2]), fact.rpartition(".")[2]] += 1
    wanted = {"applied": (1, 0), "late": (0, 1), "unknown": (0, 1), "waiting": (0, 0)}
    return [
        pk
        for pk, outcome in outcomes.items()
        if facts[pk, "received"] != 1 or (facts[pk, "applied"], facts[pk, "ignored"]) != wanted[outcome]
    ]


def _without_reference() -> list[int]:
    outcome, reference = member("payload", "outcome"), member("payload", "reference")
    sql = (
        "SELECT id FROM integrations_inboxmessage WHERE outcome = 'applied' AND kind = 'answer' "  # noqa: S608
        f"AND {outcome} = 'acknowledged' AND COALESCE({reference}, '') = ''"
    )
    return [row[0] for row in select(sql)]
