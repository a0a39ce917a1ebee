"""The columns and the hit policy of a table as an HTML form: from a body to fields, and back from what was posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from portal_staff.policy_words import POLICIES, TYPES
from rulebook.bounds import NOTES
from rulebook.columns import MOST_COLUMNS
from rulebook.readers import SIDES, Kept, Reader
from rulebook.said import in_words
from rulebook.shapes import PARTS
from ui.schema_form import Problem
from ui.words import pick_text

Body = Mapping[str, Any]

FIELDS: dict[str, Promise] = {  # of a column: what each is called
    "name": gettext_lazy("Name in rules"),
    "label-en": gettext_lazy("Name in English"),
    "label-zh-Hans": gettext_lazy("Name in Chinese"),
    "type": gettext_lazy("Type"),
    "unit": gettext_lazy("Currency or unit"),
    "values": gettext_lazy("Allowed values"),
}
ABOUT: dict[str, Promise] = {
    "en": gettext_lazy("What it decides, in English"),
    "zh-Hans": gettext_lazy("What it decides, in Chinese"),
}
LONGEST_ABOUT = 200
STEP = re.compile(r"(add|up|down|remove)-(inputs|outputs)(?:-(\d{1,2}))?")
MOVES = {"up": -1, "down": 1}
WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
BETWEEN = "|"  # a value, its words in English, its words in Chinese
NEW: dict[str, Any] = {"name": "", "type": "text"}


@dataclass(frozen=True)
class ColumnFields:
    """One column as fields. was: its name in the draft, "" for a new one; kept: what its reader wants of it."""

    side: str
    place: int
    was: str
    texts: Mapping[str, str]
    is_optional: bool
    kept: Kept | None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.side}-{self.place}"

    @property
    def title(self) -> str:
        """What the column is called, for the buttons that move and remove it."""
        label = {code: self.texts[f"label-{code}"] for code in NOTES}
        return pick_text(label, get_language()) or self.texts["name"] or _("new column")

    @property
    def is_named_by_code(self) -> bool:
        """Whether its reader could not work without a column of this name."""
        return self.kept is not None and self.kept.is_needed and self.kept.name == self.texts["name"]

    @property
    def why_kept(self) -> str:
        return _(self.kept.why) if self.kept else ""


def shape_of(body: Body) -> dict[str, Any]:
    """The parts of a body that the form shows, each column with `was`, its name there."""
    sides = {side: [{**column, "was": column["name"]} for column in body[side]] for side in SIDES}
    about = body.get("about") or {}
    return {**sides, "hit_policy": body["hit_policy"], "default": body.get("default"), "about": about}


def posted_shape(posted: Mapping[str, str], base: Body) -> dict[str, Any]:
    """The shape that a posted form describes; what it does not ask of a column stays as in `base`."""
    sides = {side: [_posted_column(posted, base, side, place) for place in range(_count(posted, side))]
             for side in SIDES}  # fmt: skip
    about = {code: " ".join(posted.get(f"about-{code}", "").split()) for code in NOTES}
    default = (base.get("default") or {}) if posted.get("default") else None
    return {**sides, "hit_policy": posted.get("hit_policy", ""), "default": default, "about": about}


def stepped(shape: dict[str, Any], do: str) -> tuple[dict[str, Any], str]:
    """The shape after one of the buttons beside the columns, and the id of the field that gets the focus."""
    found = STEP.fullmatch(do)
    if found is None:
        return shape, ""
    verb, side, place = found[1], found[2], int(found[3] or 0)
    columns = list(shape[side])
    if verb == "add" and sum(len(shape[each]) for each in SIDES) < MOST_COLUMNS:
        columns.append({**NEW, "was": ""})
        return {**shape, side: columns}, f"{side}-{len(columns) - 1}-name"
    target = place + MOVES.get(verb, 0)
    if verb == "remove" and place < len(columns):
        columns.pop(place)
        return {**shape, side: columns}, f"{side}-title"
    if verb in MOVES and place < len(columns) and 0 <= target < len(columns):
        columns.insert(target, columns.pop(place))
        return {**shape, side: columns}, f"{side}-{target}-name"
    return shape, ""


def plain(shape: Body) -> tuple[dict[str, Any], dict[tuple[str, str], str]]:
    """The shape as parts of a body, and (side, name) → what a column was called before."""
    was = {(side, column["name"]): column["was"] for side in SIDES for column in shape[side] if column["was"]}
    sides = {
        side: [{part: value for part, value in column.items() if part != "was"} for column in shape[side]]
        for side in SIDES
    }
    parts: dict[str, Any] = {**sides, "hit_policy": shape["hit_policy"], "default": shape["default"]}
    return (parts | {"about": shape["about"]} if any(shape["about"].values()) else parts), was


def wrong_about(shape: Body, *, is_needed: bool) -> dict[str, str]:
    """What is wrong with the words for what a table decides, by field."""
    about = shape["about"]
    if not any(about.values()) and not is_needed:
        return {}
    missing = {f"about-{code}": _("Say in one sentence what it decides.") for code in NOTES if not about[code]}
    long = {f"about-{code}": _("Use at most %(count)s characters.") % {"count": LONGEST_ABOUT}
            for code in NOTES if len(about[code]) > LONGEST_ABOUT}  # fmt: skip
    return missing | long


def form_context(shape: Body, reader: Reader | None, problems: Mapping[str, str], focus: str = "") -> dict[str, Any]:
    """What the fields show. problems: place → sentence, as of `rulebook.columns` and of `wrong_about`."""
    wrong = {place.replace(".", "-"): in_words(said, _, get_language()) for place, said in problems.items()}
    sides = [_side(side, shape, reader, wrong) for side in SIDES]
    return {
        "sides": sides,
        "policies": _policies(shape["hit_policy"], reader),
        "policy_error": wrong.get("hit_policy", ""),
        "has_default": shape["default"] is not None,
        "about": [(f"about-{code}", label, shape["about"].get(code, ""), wrong.get(f"about-{code}", ""))
                  for code, label in ABOUT.items()],
        "types": TYPES.items(),
        "problems": _problems(sides, wrong),
        "focus": focus,
        "is_full": sum(len(shape[side]) for side in SIDES) >= MOST_COLUMNS,
    }  # fmt: skip


def _side(side: str, shape: Body, reader: Reader | None, wrong: Mapping[str, str]) -> dict[str, Any]:
    titles = {"inputs": (_("Conditions"), _("The facts that a rule asks for.")),
              "outputs": (_("Outputs"), _("What a rule says."))}  # fmt: skip
    rows = []
    for place, column in enumerate(shape[side]):
        kept = reader.kept(side, column["name"]) if reader else None
        at = f"{side}-{place}-"
        errors = {name: wrong[at + name] for name in FIELDS if at + name in wrong}
        is_optional = column.get("optional") is True
        rows.append(ColumnFields(side, place, column["was"], _texts(column), is_optional, kept, errors))
    title, hint = titles[side]
    return {
        "name": side,
        "title": title,
        "hint": hint,
        "columns": rows,
        "error": wrong.get(side, ""),
        "count": len(rows),
    }


def _texts(column: Body) -> dict[str, str]:
    label = column.get("label") or {}
    labels = {f"label-{code}": label.get(code, "") for code in NOTES}
    values = "\n".join(_value_line(column, value) for value in column.get("values") or ())
    return {
        "name": column["name"],
        "type": column["type"],
        "unit": column.get("unit") or "",
        "values": values,
        **labels,
    }


def _value_line(column: Body, value: Any) -> str:
    words = (column.get("labels") or {}).get(str(value)) or {}
    return f" {BETWEEN} ".join([str(value), *(words.get(code, "") for code in NOTES if words)])


def _policies(chosen: str, reader: Reader | None) -> list[dict[str, Any]]:
    open_to = reader.policies if reader else tuple(POLICIES)
    return [{"value": code, "label": name, "hint": meaning, "checked": code == chosen}
            for code, (name, meaning) in POLICIES.items() if code in open_to or code == chosen]  # fmt: skip


def _problems(sides: list[dict[str, Any]], wrong: Mapping[str, str]) -> list[Problem]:
    """What is wrong, each with a link to its field."""
    found = [Problem(wrong[f"about-{code}"], str(label), f"about-{code}")
             for code, label in ABOUT.items() if f"about-{code}" in wrong]  # fmt: skip
    if "hit_policy" in wrong:
        found.append(Problem(wrong["hit_policy"], _("Hit policy"), "hit-policy"))
    for side in sides:
        if side["error"]:
            found.append(Problem(side["error"], side["title"], f"{side['name']}-title"))
        for column in side["columns"]:
            found += [Problem(said, _line(column.title, str(FIELDS[name])), f"{column.id}-{name}")
                      for name, said in column.errors.items()]  # fmt: skip
    return found


def _line(*parts: str) -> str:
    return pgettext("between the parts of a line", ", ").join(parts)


def _posted_column(posted: Mapping[str, str], base: Body, side: str, place: int) -> dict[str, Any]:
    """The column as it stands in the base where nothing of it was changed."""
    given = {name: posted.get(f"{side}-{place}-{name}", "").strip() for name in (*FIELDS, "was")}
    origin = next((column for column in base.get(side) or () if column["name"] == given["was"]), None)
    made: dict[str, Any] = {**(origin or {}), "name": given["name"], "type": given["type"]}
    made["unit"] = given["unit"]
    made["label"] = {code: given[f"label-{code}"] for code in NOTES}
    made["optional"] = bool(posted.get(f"{side}-{place}-optional"))
    made["values"], words = _values(given["values"], given["type"])
    listed = {str(value) for value in made["values"]}
    made["labels"] = {code: text for code, text in (made.get("labels") or {}).items() if code not in listed} | words
    for part in PARTS:
        if not made.get(part) or (part == "label" and not any(made[part].values())):
            made.pop(part, None)
    same = origin is not None and origin["name"] == made["name"] and all(
        (origin.get(part) or None) == made.get(part) for part in PARTS
    )  # fmt: skip
    return {**(origin if same and origin else made), "was": given["was"] if origin else ""}


def _values(text: str, kind: str) -> tuple[list[Any], dict[str, dict[str, str]]]:
    """The allowed values of a column, one a line, and the words for those that have any."""
    values: list[Any] = []
    words: dict[str, dict[str, str]] = {}
    for value, said in _lines(text):
        values.append(int(value) if kind == "number" and WHOLE.fullmatch(value) else value)
        if any(said):
            words[value] = dict(zip(NOTES, [*said, ""], strict=False))
    return values, words


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.splitlines():
        value, *said = [part.strip() for part in line.split(BETWEEN, len(NOTES))]
        if value or any(said):
            yield value, said


def _count(posted: Mapping[str, str], side: str) -> int:
    count = posted.get(side, "")
    return min(int(count), MOST_COLUMNS) if count.isdecimal() and len(count) < 4 else 0
