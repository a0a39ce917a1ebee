"""New tables and other columns in the browser: what becomes of cells is said first, and nothing is done by half."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.actors import Actor
from audit.models import Entry
from rulebook import actions
from rulebook.acceptance import answer_of
from rulebook.models import Table, TableVersion
from rulebook.queries import table_of

NEW = "/staff/new-table/"


@pytest.fixture
def draft(firm, as_user) -> TableVersion:
    as_user(firm.alan).post(reverse("staff:draft_version", args=["transfers"]))
    return TableVersion.objects.get(table__key="transfers", state="draft", maker=firm.alan)


def address(version: TableVersion, name: str = "table_columns") -> str:
    return reverse(f"staff:{name}", args=[version.table.key, version.number])


def sent(page) -> dict[str, str]:
    """The form as a browser would send it back."""
    found = {"kind": page.context.get("kind", ""), "revision": str(page.context.get("revision", ""))}
    for name, _label, text, _error in page.context["about"]:
        found[name] = text
    found["hit_policy"] = next((each["value"] for each in page.context["policies"] if each["checked"]), "")
    if page.context["has_default"]:
        found["default"] = "on"
    for side in page.context["sides"]:
        found[side["name"]] = str(side["count"])
        for column in side["columns"]:
            found[f"{column.id}-was"] = column.was
            found |= {f"{column.id}-{name}": text for name, text in column.texts.items()}
            if column.is_optional:
                found[f"{column.id}-optional"] = "on"
    if page.context.get("notice"):
        found["agreed"] = page.context["notice"]["agreed"]
    return {name: text for name, text in found.items() if text or name.endswith("-was")}


GRADE = {
    "key": "visit_grade", "name_en": "Grade of a visit", "name_zh": "来访等级", "kind": "decision",
    "about-en": "How a visit is graded", "about-zh-Hans": "来访如何定级", "hit_policy": "first", "default": "on",
    "inputs": "2", "outputs": "1",
    "inputs-0-name": "assets", "inputs-0-label-en": "Assets", "inputs-0-label-zh-Hans": "资产",
    "inputs-0-type": "number", "inputs-0-unit": "USD",
    "inputs-1-name": "way", "inputs-1-label-en": "Way", "inputs-1-label-zh-Hans": "方式", "inputs-1-type": "text",
    "inputs-1-values": "counter | At the counter | 柜台\nphone",
    "outputs-0-name": "grade", "outputs-0-label-en": "Grade", "outputs-0-label-zh-Hans": "等级",
    "outputs-0-type": "text",
}  # fmt: skip


def opened(browser, **more: str):
    return browser.post(NEW, {**GRADE, **more})


def test_a_new_table_is_a_draft_with_its_columns_and_may_be_edited_at_once(firm, as_user) -> None:
    alan = as_user(firm.alan)
    assert NEW in alan.get(reverse("staff:tables")).text
    assert opened(alan).headers["Location"] == "/staff/tables/visit_grade/1/edit/"
    version = TableVersion.objects.get(table__key="visit_grade")
    assert (version.table.kind, version.state, version.number) == ("decision", "draft", 1)
    body = version.body
    assert [(each["name"], each["type"]) for each in body["inputs"]] == [("assets", "number"), ("way", "text")]
    assert body["inputs"][0]["unit"] == "USD"
    assert body["inputs"][1]["values"] == ["counter", "phone"]
    assert body["inputs"][1]["labels"] == {"counter": {"en": "At the counter", "zh-Hans": "柜台"}}
    assert (body["hit_policy"], body["default"], body["rules"]) == ("first", {}, [])
    assert alan.get("/staff/tables/visit_grade/1/edit/").status_code == 200
    assert "How a visit is graded" in alan.get("/staff/tables/visit_grade/1/").text
    assert as_user(firm.rob).get("/staff/tables/visit_grade/1/").status_code == 200


def test_a_new_table_goes_through_change_control_and_decides(firm, as_user, now) -> None:
    alan = as_user(firm.alan)
    opened(alan)
    edit = "/staff/tables/visit_grade/1/edit/"
    rules = {"rows": "1", "revision": "1", "r0-id": "G1", "r0-when-assets": ">= 1000000", "r0-then-grade": '"gold"'}
    assert alan.post(edit, {**rules, "default-then-grade": '"plain"', "do": "save"}).status_code == 302
    proposal = {"justification": "Visits are graded.", "effective_at": "2030-01-01T09:00"}
    assert alan.post("/staff/tables/visit_grade/1/propose/", proposal).status_code == 302
    assert alan.post("/staff/tables/visit_grade/1/approve/").status_code == 403
    assert as_user(firm.rob).post("/staff/tables/visit_grade/1/approve/").status_code == 302
    assert TableVersion.objects.get(table__key="visit_grade").state == "approved"


@pytest.mark.parametrize(
    ("field", "typed", "place"),
    [
        ("key", "transfers", "id_key"),
        ("key", "a b", "id_key"),
        ("name_zh", "", "id_name_zh"),
        ("about-zh-Hans", "", "about-zh-Hans"),
        ("inputs-0-name", "", "inputs-0-name"),
        ("inputs-0-name", "two words", "inputs-0-name"),
        ("inputs-0-name", "if", "inputs-0-name"),
        ("inputs-0-name", "way", "inputs-0-name"),
        ("outputs-0-name", "way", "outputs-0-name"),
        ("inputs-0-label-zh-Hans", "", "inputs-0-label-zh-Hans"),
        ("inputs-0-type", "money", "inputs-0-type"),
        ("inputs-0-unit", "usd", "inputs-0-unit"),
        ("inputs-1-unit", "USD", "inputs-1-unit"),
        ("inputs-0-values", "1.5", "inputs-0-values"),
        ("inputs-1-values", "a\na", "inputs-1-values"),
        ("inputs-1-values", "a | only English", "inputs-1-values"),
        ("hit_policy", "", "hit-policy"),
        ("hit_policy", "priority", "hit-policy"),
        ("hit_policy", "collect_sum", "outputs-0-type"),
        ("inputs", "0", "inputs-title"),
    ],
)
def test_what_is_wrong_with_a_new_table_is_told_at_the_field(field, typed, place, firm, as_user) -> None:
    page = opened(as_user(firm.alan), **{field: typed})
    assert page.status_code == 422
    assert f'href="#{place}"' in page.text
    assert f'id="{place}"' in page.text
    assert "来访等级" in page.text or field == "name_zh"
    assert not Table.objects.filter(key="visit_grade").exists()


def test_columns_are_added_moved_and_removed_without_saving(firm, as_user) -> None:
    alan = as_user(firm.alan)
    page = opened(alan, do="add-inputs")
    assert (page.status_code, page.context["focus"]) == (200, "inputs-2-name")
    assert 'value="visit_grade"' in page.text
    page = opened(alan, do="down-inputs-0")
    assert [column.texts["name"] for column in page.context["sides"][0]["columns"]] == ["way", "assets"]
    page = opened(alan, do="remove-inputs-0")
    assert [column.texts["name"] for column in page.context["sides"][0]["columns"]] == ["way"]
    assert not Table.objects.filter(key="visit_grade").exists()


def test_only_who_may_edit_every_table_opens_one(firm, as_user) -> None:
    for who in (firm.rob, firm.max, firm.judith, firm.fay):
        browser = as_user(who)
        assert browser.get(NEW).status_code == 403
        assert opened(browser).status_code == 403
        assert NEW not in browser.get(reverse("staff:tables")).text


def test_a_new_matrix_begins_with_what_approvals_need_and_keeps_it(firm, as_user) -> None:
    alan = as_user(firm.alan)
    page = alan.get(NEW + "?kind=approval_matrix")
    (roles,) = page.context["sides"][1]["columns"]
    assert (roles.texts["name"], roles.texts["type"], roles.is_named_by_code) == ("roles", "list", True)
    assert 'value="remove-outputs-0"' not in page.text
    page = opened(alan, kind="approval_matrix")
    assert "It names who prepares and who signs." in page.text
    assert 'href="#outputs-title"' in page.text


def test_words_of_columns_alone_are_saved_at_once(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    form = sent(alan.get(address(draft)))
    assert alan.post(address(draft), {**form, "inputs-0-label-en": "Way of transfer"}).status_code == 302
    draft.refresh_from_db()
    assert draft.body["inputs"][0]["label"]["en"] == "Way of transfer"
    assert draft.body["inputs"][0]["labels"]["full_acat"]["en"] == "Whole account (full ACAT)"
    page = alan.get(address(draft, "version")).text
    assert "“Way of transfer” was called “Kind of transfer”." in page


def test_a_form_sent_back_unchanged_changes_nothing(firm, draft, as_user) -> None:
    alan, before = as_user(firm.alan), draft.body
    assert alan.post(address(draft), sent(alan.get(address(draft)))).status_code == 302
    draft.refresh_from_db()
    assert {**draft.body, "default": None} == {**before, "default": None}


def without(form: dict[str, str], side: str, place: int) -> dict[str, str]:
    return {**form, "do": f"remove-{side}-{place}"}


def test_a_removed_columns_cells_are_named_before_they_go(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    fewer = alan.post(address(draft), without(sent(alan.get(address(draft))), "inputs", 1))
    shown = alan.post(address(draft), sent(fewer))
    assert shown.status_code == 200
    gone = [(line["rule"], line["column"], line["text"]) for line in shown.context["notice"]["gone"]]
    held = [rule for rule in draft.body["rules"] if "destination" in rule["when"]]
    assert gone == [(rule["id"], "Destination", rule["when"]["destination"]) for rule in held]
    assert gone
    draft.refresh_from_db()
    assert (draft.revision, len(draft.body["inputs"])) == (1, 4)
    assert alan.post(address(draft), sent(shown)).status_code == 302
    draft.refresh_from_db()
    assert [column["name"] for column in draft.body["inputs"]] == ["transfer", "client_age", "amount"]
    assert all("destination" not in rule["when"] for rule in draft.body["rules"])
    entry = Entry.objects.filter(fact="rulebook.version.edited").last()
    assert len(entry.before["inputs"]) - len(entry.after["inputs"]) == 1
    page = alan.get(address(draft, "version")).text
    assert "Condition removed: “Destination” (Text)." in page
    assert '<del class="del small">Destination: ' in page


def test_a_renamed_column_keeps_its_cells_and_an_added_one_takes_any_value(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    more = alan.post(address(draft), {**sent(alan.get(address(draft))), "do": "add-inputs"})
    form = {**sent(more), "inputs-1-name": "goes_to", "inputs-4-name": "urgent", "inputs-4-type": "boolean"}
    form |= {"inputs-4-label-en": "Urgent", "inputs-4-label-zh-Hans": "加急"}
    shown = alan.post(address(draft), form)
    assert not shown.context["notice"]["gone"]
    assert "“Destination” is named goes_to in rules and processes; it was destination." in shown.text
    assert "Condition added: “Urgent” (Yes or no)." in shown.text
    assert alan.post(address(draft), sent(shown)).status_code == 302
    before = [rule["when"].get("destination") for rule in draft.body["rules"]]
    draft.refresh_from_db()
    assert [rule["when"].get("goes_to") for rule in draft.body["rules"]] == before
    assert 'name="r0-when-urgent"' in alan.get(address(draft, "edit_version")).text


def test_cells_that_no_longer_parse_are_named_and_become_any(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    form = {**sent(alan.get(address(draft))), "inputs-1-type": "boolean", "inputs-1-values": ""}
    shown = alan.post(address(draft), form)
    assert {line["column"] for line in shown.context["notice"]["gone"]} == {"Destination"}
    assert "is a boolean, for example true" in shown.text
    alan.post(address(draft), sent(shown))
    draft.refresh_from_db()
    assert all("destination" not in rule["when"] for rule in draft.body["rules"])


def test_acceptance_cases_that_the_change_breaks_are_named_with_why(firm, draft, as_user, now) -> None:
    alan = as_user(firm.alan)
    for name, destination in (("Own account", "own"), ("Third party", "third_party")):
        facts = {"transfer": "full_acat", "amount": "600000.00", "destination": destination, "client_age": "40"}
        outputs = answer_of(table_of(draft), facts).outputs
        about = {"name": name, "facts": facts, "rules": None, "outputs": outputs}
        actions.save_case(draft.pk, **about, actor=Actor.of(firm.alan), now=now)
    form = sent(alan.get(address(draft)))

    def told(change: dict[str, str]) -> list[tuple[str, str]]:
        return [(case.name, why) for case, why in alan.post(address(draft), change).context["notice"]["broken"]]

    why = "Rule T4 asks for “Destination”, and the case does not say it."
    assert told({**form, "inputs-1-name": "goes_to"}) == [("Own account", why), ("Third party", why)]
    retyped = told({**form, "inputs-1-type": "boolean", "inputs-1-values": ""})
    assert retyped[0] == ("Own account", "“Destination” has a value that this version does not take.")
    fewer = sent(alan.post(address(draft), without(form, "inputs", 1)))
    assert [name for name, _why in told(fewer)] == ["Own account"]  # the other is decided as before
    assert "1 acceptance case holds now and would not any more" in alan.post(address(draft), fewer).text


def test_what_was_agreed_to_is_what_is_saved(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    fewer = alan.post(address(draft), without(sent(alan.get(address(draft))), "inputs", 1))
    shown = alan.post(address(draft), sent(fewer))
    again = alan.post(address(draft), without(sent(shown), "inputs", 1))
    other = alan.post(address(draft), {**sent(again), "agreed": shown.context["notice"]["agreed"]})
    assert other.status_code == 200
    assert other.context["notice"]["gone"] != shown.context["notice"]["gone"]


def test_columns_that_the_code_reads_are_neither_removed_nor_retyped(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    form = sent(alan.get(address(draft)))
    for change, place in (
        ({"outputs-0-type": "text"}, "outputs-0-type"),
        ({"outputs-0-name": "people"}, "outputs-title"),
        ({"inputs-3-type": "text", "inputs-3-unit": ""}, "inputs-3-type"),
        ({"inputs-3-unit": ""}, "inputs-3-unit"),
        ({"hit_policy": "collect_count"}, "hit-policy"),
    ):
        page = alan.post(address(draft), {**form, **change})
        assert page.status_code == 422
        assert f'href="#{place}"' in page.text
    fewer = alan.post(address(draft), without(form, "outputs", 0))
    page = alan.post(address(draft), sent(fewer))
    assert "The column “roles” (list) has to stay: It names who prepares and who signs." in page.text


def test_targets_take_no_condition_that_nobody_gives(firm, as_user) -> None:
    alan = as_user(firm.alan)
    alan.post(reverse("staff:draft_version", args=["sla_targets"]))
    draft = TableVersion.objects.get(table__key="sla_targets", state="draft")
    more = alan.post(address(draft), {**sent(alan.get(address(draft))), "do": "add-inputs"})
    form = {**sent(more), "inputs-3-name": "weather", "inputs-3-label-en": "Weather", "inputs-3-label-zh-Hans": "天气"}
    page = alan.post(address(draft), form)
    assert "gives these facts and no other: product, node, client_tier" in page.text
    assert 'href="#inputs-3-name"' in page.text


def test_a_form_over_somebody_elses_save_is_told_and_kept(firm, draft, as_user) -> None:
    page = as_user(firm.alan).get(address(draft))
    mine = {**sent(page), "inputs-0-label-en": "Mine"}
    as_user(firm.nadia).post(address(draft), {**sent(page), "inputs-1-label-en": "Where to"})
    shown = as_user(firm.alan).post(address(draft), mine)
    assert shown.status_code == 409
    assert firm.nadia.display_name in shown.text
    assert "“Where to” was called “Destination”." in shown.text
    assert 'value="Mine"' in shown.text
    assert as_user(firm.alan).post(address(draft), sent(shown)).status_code == 302


def test_another_hit_policy_is_told_and_marked_between_versions(firm, draft, as_user) -> None:
    alan = as_user(firm.alan)
    shown = alan.post(address(draft), {**sent(alan.get(address(draft))), "hit_policy": "rule_order"})
    assert "The hit policy is “Rule order”; it was “Collect”." in shown.text
    assert alan.post(address(draft), sent(shown)).status_code == 302
    assert "The hit policy is “Rule order”; it was “Collect”." in alan.get(address(draft, "version")).text


def test_only_a_draft_has_its_columns_changed_and_only_by_its_editors(firm, draft, as_user) -> None:
    first = TableVersion.objects.get(table__key="transfers", number=1)
    form = sent(as_user(firm.alan).get(address(draft)))
    assert as_user(firm.alan).get(address(first)).status_code == 302
    assert as_user(firm.alan).post(address(first), {**form, "inputs-0-label-en": "X"}).status_code == 409
    assert as_user(firm.max).post(address(draft), form).status_code == 403


def test_a_table_of_which_nothing_governs_is_drafted_again_from_its_last_version(firm, as_user) -> None:
    alan = as_user(firm.alan)
    opened(alan)
    alan.post("/staff/tables/visit_grade/1/withdraw/")
    assert "/staff/tables/visit_grade/draft/" in alan.get("/staff/tables/visit_grade/").text
    assert alan.post("/staff/tables/visit_grade/draft/").headers["Location"] == "/staff/tables/visit_grade/2/edit/"


def test_cells_typed_under_a_column_that_somebody_else_renamed_are_not_lost_in_silence(firm, draft, as_user) -> None:
    edit = address(draft, "edit_version")
    typed = {f"r{place}-id": rule["id"] for place, rule in enumerate(draft.body["rules"])}
    typed |= {f"r{place}-when-{name}": text for place, rule in enumerate(draft.body["rules"])
              for name, text in rule["when"].items()}  # fmt: skip
    typed |= {f"r{place}-then-{name}": text for place, rule in enumerate(draft.body["rules"])
              for name, text in rule["then"].items()}  # fmt: skip
    typed |= {f"r{place}-note-{code}": text for place, rule in enumerate(draft.body["rules"])
              for code, text in rule.get("note", {}).items()}  # fmt: skip
    typed |= {f"default-then-{name}": text for name, text in draft.body["default"].items()}
    typed |= {"rows": str(len(draft.body["rules"])), "revision": "1", "do": "save"}
    nadia = as_user(firm.nadia)
    shown = nadia.post(address(draft), {**sent(nadia.get(address(draft))), "inputs-1-name": "goes_to"})
    assert nadia.post(address(draft), sent(shown)).status_code == 302
    page = as_user(firm.alan).post(edit, {**typed, "r3-when-destination": '"own"', "r4-when-amount": "> 90000"})
    assert page.status_code == 409
    assert "is named goes_to" in page.text or "Condition removed: “Destination”" in page.text
    assert [(each.rule, each.column, each.mine) for each in page.context["clashes"]] == [("T4", "destination", '"own"')]
    rules = {row.rule: {cell.column: cell.text for cell in row.cells} for row in page.context["rows"]}
    assert (rules["T4"]["goes_to"], rules["T5"]["amount"]) == ('"third_party"', "> 90000")
