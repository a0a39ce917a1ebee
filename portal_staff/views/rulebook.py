"""The rulebook: tables, versions, drafts, and the way of a version into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authority import holds
from audit.refusals import Invalid, NotFound, Refusal
from portal_staff.access import RULES, actor, requires
from portal_staff.change_control import WAITING, Pages
from portal_staff.retired_cases import retired_cases
from portal_staff.rule_tables import table_seen, version_seen
from portal_staff.shape_words import change_lines
from portal_staff.table_form import (
    body_from,
    cell_named,
    heads_of,
    moved,
    problems_in,
    rows_of,
    with_row,
    without_row,
    wrong_with,
)
from portal_staff.vocabulary import Vocabulary
from rulebook import actions
from rulebook.bounds import LONGEST_CELL
from rulebook.checks import check
from rulebook.findings import findings_here, unworkable_cells
from rulebook.merging import merge
from rulebook.models import Table, TableVersion
from rulebook.queries import differences, judged, tables_visible_to, versions_of
from rulebook.readers import SIDES
from rulebook.refusals import VersionChanged
from rulebook.said import in_words
from rulebook.shapes import shape_changes
from rulebook.tables import TableError, load_table
from rulebook.versions import body_at

EDIT, APPROVE = ("edit_table",), ("approve_table",)
MOVES = {"up": -1, "down": 1}


@require_safe
@requires(*RULES)
def tables(request: HttpRequest) -> HttpResponse:
    """The tables, each with the version in force and what is under way."""
    found = tables_visible_to(request.user).prefetch_related("versions__table").order_by("kind", "key")
    context = {"rows": [_line(table) for table in found], "may_open": actions.may_open(request.user)}
    return render(request, "portal_staff/rulebook_tables.html", context)


@require_safe
@requires(*RULES)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """A table: the rules in force and all its versions."""
    found = table_seen(request.user, key)
    versions = list(versions_of(found))
    current = next((each for each in versions if each.state == "in_force"), None)
    context = {
        "table": found,
        "versions": versions,
        "in_force": current,
        "body": current.body if current else None,
        "rows": rows_of(current.body) if current else [],
        **(_words(current.body) if current else {}),
        **(_checked(found, current.body) if current else {}),
        "may_edit": holds(request.user, "edit_table", found.pk),
        "may_begin": bool(versions) and not any(each.state in WAITING for each in versions),
    }
    return render(request, "portal_staff/rulebook_table.html", context)


@require_POST
@requires(*EDIT)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft from the version in force; where none is yet, from the last one that was made."""
    found = table_seen(request.user, key)
    versions = versions_of(found)
    base = versions.filter(state="in_force").first()
    last = base or versions.first()
    if last is None:
        raise NotFound(_("Expected a version to begin from, but there is none."))
    made = actions.draft_version(found, body=last.body, base=base, actor=actor(request), now=timezone.now())
    return redirect("staff:edit_version", key, made.number)


@require_safe
@requires(*RULES)
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version with its changes marked, its checks, and what may be done with it."""
    return PAGES.show(request, version_seen(request.user, key, number))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*EDIT)
def edit(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Change a draft's cells; what is wrong stands at the cell."""
    found = version_seen(request.user, key, number)
    actions.expect_right(actor(request), "edit_table", found.table)
    if request.method != "POST":
        if found.state != "draft":
            return redirect("staff:version", key, number)
        return _editor(request, found, found.body, found.revision)
    body, shown = body_from(found.body, request.POST.dict()), _number(request.POST.get("revision", ""))
    do, _dash, place = request.POST.get("do", "save").partition("-")
    if do == "remove":
        return _editor(request, found, without_row(body, _number(place)), shown)
    if do in MOVES:
        went = moved(body, _number(place), MOVES[do])
        return _editor(
            request, found, went, shown, focus=max(min(_number(place) + MOVES[do], len(body["rules"]) - 1), 0)
        )
    try:
        if do == "add":
            return _editor(request, found, with_row(body), shown, focus=len(body["rules"]))
        actions.edit_version(found.pk, body=body, revision=shown, actor=actor(request), now=timezone.now())
    except NotFound:
        raise
    except VersionChanged as refusal:
        return _merged(request, key, number, shown, refusal)
    except Refusal as refusal:
        return _editor(request, found, body, shown, refused=refusal)
    messages.success(request, _("The draft is saved."))
    return redirect("staff:version", key, number)


@require_safe
@requires(*EDIT)
def cell(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A cell as it is typed: what it means in words, or what is wrong with it."""
    body = version_seen(request.user, key, number).body
    name, text = next(((name, text) for name, text in request.GET.dict().items() if cell_named(name)), ("", ""))
    side, column = cell_named(name) or ("", "")
    if column not in {each["name"] for each in body.get({"when": "inputs", "then": "outputs"}.get(side, ""), ())}:
        raise NotFound(_("Expected a cell of this table, but there is none."))
    text = " ".join(text.split())[:LONGEST_CELL]
    told = {"name": name, "column": column, "text": text}
    told["error"] = in_words(wrong_with(body, side, column, text), _, get_language())
    return render(request, "portal_staff/rulebook_cell.html", {"cell": told, "words": Vocabulary.of_table(body)})


def _about(request: HttpRequest, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a version shows of its rules. shown: the version and the one that it is compared with."""
    found, base = shown["version"], shown["base"]
    changes = differences(base.body, found.body) if base else []
    return {
        "rows": rows_of(found.body),
        **_words(found.body),
        **(_reshaped(base.body, found.body) if base else {}),
        "changed": {each.rule: each for each in changes},
        "removed": [each for each in changes if each.kind == "removed"],
        **_checked(found.table, found.body),
        **_cases(found),
        "retired": retired_cases(
            found, found.table.versions, f"rulebook.table:{found.table_id}", "rulebook.case.retired"
        ),
        "may_be_tried": WAITING,
    }


def _merged(request: HttpRequest, key: str, number: int, shown: int, refused: VersionChanged) -> HttpResponse:
    """The editor with what both changed, and what the other one did: saving again takes nothing of it back."""
    saved = version_seen(request.user, key, number)
    base = body_at(saved, shown)
    merged = merge(base, body_from(base, request.POST.dict()), saved.body)
    changes = _reshaped(base, saved.body)
    context = {"theirs": differences(base, saved.body), "clashes": merged.clashes, **changes}
    return _editor(request, saved, merged.body, saved.revision, refused=refused, more=context)


def _editor(
    request: HttpRequest,
    found: TableVersion,
    body: Mapping[str, Any],
    revision: int,
    *,
    refused: Refusal | None = None,
    more: Mapping[str, Any] | None = None,
    focus: int | None = None,
) -> HttpResponse:
    """focus: the place of the row that was added or moved."""
    problems = refused.fields if isinstance(refused, Invalid) else {}
    rows = rows_of(body, problems)
    context = {
        "version": found,
        "body": body,
        "rows": rows,
        **_words(body),
        "heads": heads_of(body, problems),
        **_checked(found.table, body),
        "focus": focus,
        "count": len(body["rules"]),
        "revision": revision,
        "refused": refused,
        "problems": problems_in(rows, problems),
        **(more or {}),
    }
    return render(request, "portal_staff/rulebook_edit.html", context, status=refused.status if refused else 200)


def _words(body: Mapping[str, Any]) -> dict[str, Any]:
    words = Vocabulary.of_table(body)
    return {"words": words, "codes": words.key(body), "hit_policy": words.said("hit_policy", body["hit_policy"])}


def _reshaped(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """How the columns differ, and words for those of both bodies: cells of a column that is gone are shown as well."""
    words = Vocabulary.of_table({side: [*old[side], *new[side]] for side in SIDES})
    return {"reshaped": change_lines(shape_changes(old, new), words), "words": words}


def _line(table: Table) -> dict[str, Any]:
    versions = sorted(table.versions.all(), key=lambda each: each.number)
    return {
        "table": table,
        "in_force": next((each for each in versions if each.state == "in_force"), None),
        "waiting": [each for each in versions if each.state in WAITING],
    }


def _checked(table: Table, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the check says of a body, with the people of today; nothing of one whose cells cannot be read.

    What speaks against its answers is asked only where they are answers that can be worked with.
    """
    try:
        loaded = load_table(body)
    except TableError:
        return {"report": None, "findings": []}
    workable = not unworkable_cells(table.kind, loaded)
    return {"report": check(loaded), "findings": findings_here(table.kind, loaded, timezone.now()) if workable else []}


def _cases(found: TableVersion) -> dict[str, Any]:
    """How many acceptance cases there are, and those that do not hold on the version with why."""
    try:
        held = judged(found)
    except TableError:
        return {"cases": 0, "failing": []}
    return {"cases": len(held), "failing": [(case, why) for case, why in held if why]}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


PAGES = Pages(
    control=actions.TABLES,
    noun="version",
    page="staff:version",
    template="portal_staff/rulebook_version.html",
    find=version_seen,
    about=_about,
    keeps=gettext_lazy("Somebody else has to approve it. Orders under way keep the decisions they have."),
    edit=EDIT,
    check=APPROVE,
)
