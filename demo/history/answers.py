"""Filling forms: a valid answer for every field of the demo's forms, from the pools of `generated.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.history.draws import Draws
from orders import schemas
from orders.days import first_and_last

DIGITS, LETTERS = "0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"
OUR_ACCOUNT = "^HL-[0-9]{6}$"
CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FEES = ("Quarterly advisory fee", "Wire fee", "Account transfer fee", "Custody fee", "Paper statement fee")
POSITIONS = (
    "200 Northwind Industrial; 50 Orchard Growth Fund",
    "1,000 Lakeview Municipal 2031",
    "75 Harbor Index Fund",
)
REASONS = ("Charged twice in the same quarter.", "Agreed when the account was opened.", "Long-standing relationship.")


@dataclass
class Filling:
    """What is known while a form is filled. shares: field → value → share; plain: forms of staff take the first choice.

    upload: keeps a paper for a field and returns its id; None when the client sends no paper now.
    slot: gives the start of a free appointment.
    """

    draws: Draws
    today: date
    plan: Mapping[str, Any]
    shares: Mapping[str, Mapping[Any, float]]
    client: Mapping[str, str]
    amount: Callable[[], str]
    upload: Callable[[str], str | None]
    slot: Callable[[], str | None]
    plain: bool = False
    optional: float = 1.0  # share of optional choices that are made


def fill(schema: Mapping[str, Any], about: Filling) -> dict[str, Any]:
    """Answers to a form: what it requires, and some of what it only offers."""
    answers: dict[str, Any] = {}
    required = set(schema.get("required", []))
    for name, field in schema.get("properties", {}).items():
        if not schemas.is_shown(field, answers):
            continue
        wanted = name in required or "show_if" in field.get("x-tl", {}) or _worth_it(field, about)
        value = _value(name, field, about) if wanted else None
        if value is not None:
            answers[name] = value
    return answers


def _worth_it(field: Mapping[str, Any], about: Filling) -> bool:
    if field.get("x-tl", {}).get("widget") == "document":
        return True
    return field.get("type") == "boolean" or ("enum" in field and about.draws.chance(about.optional))


def _value(name: str, field: Mapping[str, Any], about: Filling) -> Any:
    if "const" in field:
        return field["const"]
    if "enum" in field and name not in about.client:
        return _choice(name, field["enum"], about)
    match field.get("x-tl", {}).get("widget"), field.get("type"):
        case "document", _:
            return about.upload(name)
        case "slot", _:
            return about.slot()
        case "money", _:
            return about.amount()
        case _, "boolean":
            return about.draws.choice(about.shares[name]) if name in about.shares else True
        case "date", _:
            return _date(name, field, about)
    if field.get("pattern") == OUR_ACCOUNT and name not in about.client:
        return "HL-" + about.draws.text(DIGITS, 6)
    return _text(name, about)


def _choice(name: str, options: list[str], about: Filling) -> str:
    if name in about.shares:
        shares = {value: share for value, share in about.shares[name].items() if value in options}
        return about.draws.choice(shares) if shares else options[0]
    return options[0] if about.plain else about.draws.pick(options)


def _date(name: str, field: Mapping[str, Any], about: Filling) -> str:
    if name in ("trust_date", "beneficiary_birth_date"):
        return (about.today - timedelta(days=about.draws.between(30, 7000))).isoformat()
    if name == "next_review":
        return (about.today + timedelta(days=about.draws.pick((365, 730, 1095)))).isoformat()
    days = timedelta(days=about.draws.between(1, 20) if name == "valid_from" else 0)
    _first, last = first_and_last(field, about.today) or (about.today, about.today)
    return (about.today + days if last > about.today else about.today - days).isoformat()


def _text(name: str, about: Filling) -> Any:
    if name in about.client:
        return about.client[name]
    made = TEXTS.get(name)
    return made(about) if made else "As agreed."


def _place(part: str) -> Callable[[Filling], str]:
    # The three parts of an address fit together: they follow from one number of the same draws.
    return lambda about: about.plan["pools"]["cities"][_one_number(about) % len(about.plan["pools"]["cities"])][part]


def _one_number(about: Filling) -> int:
    if not hasattr(about, "_number"):
        about._number = about.draws.between(0, 10**6)  # type: ignore[attr-defined]
    return about._number  # type: ignore[attr-defined]


def _pool(name: str) -> Callable[[Filling], str]:
    return lambda about: about.draws.pick(about.plan["pools"][name])


def _digits(length: int, prefix: str = "") -> Callable[[Filling], str]:
    return lambda about: prefix + about.draws.text(DIGITS, length)


TEXTS: dict[str, Callable[[Filling], Any]] = {
    "street": _pool("streets"),
    "city": _place("city"),
    "region": _place("region"),
    "postal_code": _place("postal_code"),
    "new_given_name": lambda about: about.client["given_name"],
    "new_family_name": lambda about: about.draws.pick(about.plan["pools"]["people"]).split(" ")[-1],
    "beneficiary_name": _pool("people"),
    "recipient_name": _pool("people"),
    "recipient_reason": lambda about: about.draws.pick(("A gift.", "School fees.", "Purchase of a house.")),
    "legal_representative": _pool("people"),
    "contact_name": lambda about: about.client["contact"],
    "contact_phone": _digits(8, "+86 25 "),
    "company_name": lambda about: about.client["name"],
    "credit_code": lambda about: about.draws.text(CREDIT_CODE, 18),
    "business_scope": lambda _about: "Sale and service of the company's own products.",
    "share_percent": lambda about: about.draws.pick((25, 50, 50, 100, 100)),
    "trust_name": lambda about: f"The {about.client['family_name']} Family Trust",
    "watch_list_hits": lambda about: about.draws.choice({0: 0.86, 1: 0.10, 2: 0.04}),
    "holder_name": lambda about: about.client["name"],
    "person_name": lambda about: about.client["name"],
    "first_trustee": lambda about: about.client["name"],
    "second_trustee": lambda about: about.draws.pick((None, *about.plan["pools"]["people"])),
    "third_trustee": lambda _about: None,
    "executor_name": lambda about: about.client["name"],
    "new_account_number": _digits(6, "HL-"),
    "trustee_names": lambda about: about.client["name"],
    "tax_id_last_four": _digits(4),
    "fee_name": lambda about: about.draws.pick(FEES),
    "reason": lambda about: about.draws.pick(REASONS),
    "positions": lambda about: about.draws.pick(POSITIONS),
    "receiving_firm": _pool("firms"),
    "receiving_firm_number": _digits(4),
    "receiving_account": lambda about: f"{about.draws.text(LETTERS, 2)}-{about.draws.text(DIGITS, 6)}",
    "routing_number": _digits(9),
    "callback_who": lambda about: about.client["name"],
    "callback_dialled": _digits(4, "+1 212 555 "),
    "mail_to": lambda about: f"{TEXTS['street'](about)}, {_place('city')(about)}",
    "record_reference": _digits(6, "REC-"),
    "disposal_reference": _digits(6, "DSP-"),
    "bank_account_number": _digits(16, "62"),
    "document_number": _digits(7, "C"),
    "fee_statement_line": lambda about: f"Line {about.draws.between(1, 24)} of the statement",
    "chase_contact": _pool("people"),
    "repair_done": lambda _about: "Corrected the instruction after a call with the custodian.",
    "open_positions": lambda about: about.draws.between(0, 12),
    "seal_count": lambda _about: 3,
}
