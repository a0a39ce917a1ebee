"""A JSON Schema becomes sections of questions with answers, errors and words in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from ui.schema_form import Option, Problem, SchemaForm, ShownWhen, schema_form, widget_of

SCHEMA: dict[str, Any] = {
    "x-tl": {
        "sections": [{"key": "a", "title": {"en": "First", "zh-Hans": "第一"}}, {"key": "b", "title": {"en": "Last"}}]
    },
    "properties": {
        "check": {
            "type": "string",
            "enum": ["yes", "no"],
            "x-tl": {
                "section": "a",
                "title": {"en": "Checked", "zh-Hans": "已核对"},
                "labels": {"yes": {"en": "Yes, all", "zh-Hans": "是"}},
            },
        },
        "amount": {
            "type": "string",
            "title": "Amount",
            "x-tl": {"widget": "money", "currency": "HKD", "section": "nowhere"},
        },
        "kind": {"const": "fixed"},
        "secret": {"type": "string", "x-tl": {"widget": "hidden"}},
    },
    "required": ["check"],
    "allOf": [{"if": {}, "then": {"required": ["late"]}}],
}


def form_of(**fields: dict) -> dict:
    return {"properties": fields}


def one(field: dict, answer: Any = None, **about: Any) -> Any:
    (question,) = schema_form(form_of(it=field), {"it": answer}, **about).questions
    return question


def drawn(form: SchemaForm, **about: Any) -> str:
    return render_to_string("ui/schema_form.html", {"form": form, **about})


def fields(**about):
    return {question.name: question for question in schema_form(SCHEMA, {}, **about).questions}


def test_sections_keep_their_order_and_an_unknown_section_is_the_last() -> None:
    shown = schema_form(SCHEMA, {}).sections
    assert [(section.title, [question.name for question in section.questions]) for section in shown] == [
        ("First", ["check"]),
        ("Last", ["amount"]),
    ]


def test_a_form_without_sections_is_one_section_without_a_title() -> None:
    (section,) = schema_form(form_of(a={"type": "string"}, b={"type": "string"}), {}).sections
    assert section.title == ""
    assert [question.name for question in section.questions] == ["a", "b"]


def test_what_is_fixed_or_hidden_is_not_asked() -> None:
    assert set(fields()) == {"check", "amount"}


def test_words_are_in_the_readers_language() -> None:
    question = fields(language="zh-hans")["check"]
    assert [question.label, *(option.label for option in question.options)] == ["已核对", "是", "no"]


def test_answers_and_errors_stand_at_their_question() -> None:
    shown = schema_form(SCHEMA, {"check": "yes", "amount": "12.00"}, errors={"amount": "Too small."})
    check, amount = shown.questions
    assert [option.is_chosen for option in check.options] == [True, False]
    assert (amount.value, amount.error, amount.label) == ("12.00", "Too small.", "Amount (HKD)")
    assert amount.described_by == "field-amount-error"
    assert (check.is_required, amount.is_required) == (True, False)


def test_every_problem_is_listed_and_leads_to_its_question() -> None:
    found = schema_form(SCHEMA, {}, errors={"amount": "Too small.", "": "Not today.", "gone": "Not asked."}, ids="r1")
    assert found.problems == (
        Problem("Not today."),
        Problem("Not asked."),
        Problem("Too small.", "Amount (HKD)", "r1-amount"),
    )
    assert schema_form(SCHEMA, {}).problems == ()


def test_a_question_is_required_always_or_once_it_appears() -> None:
    schema = {**form_of(check={}, late={}, other={}), "required": ["check"], "allOf": SCHEMA["allOf"]}
    required = [question.name for question in schema_form(schema, {}).questions if question.is_required]
    assert required == ["check", "late"]


@pytest.mark.parametrize(
    ("about", "widget"),
    [
        ({"type": "string"}, "text"), ({"type": "boolean"}, "checkbox"), ({"type": "integer"}, "number"),
        ({"type": "array"}, "checkboxes"), ({"enum": ["a", "b"]}, "radio"), ({"enum": list("abcde")}, "select"),
        ({"format": "date"}, "date"), ({"maxLength": 500}, "textarea"), ({"maxLength": 50}, "text"),
        ({"x-tl": {"widget": "money"}}, "money"), ({"x-tl": {"widget": "slot"}}, "slot"),
    ],
)  # fmt: skip
def test_the_control_follows_the_type_unless_it_is_named(about: dict, widget: str) -> None:
    assert widget_of(about) == widget


def test_no_form_is_no_section() -> None:
    assert schema_form({}, {}) == SchemaForm(())


def test_a_condition_is_followed_by_the_page_and_said_in_words_to_readers_without_a_script() -> None:
    when = {"shown_when": {"driver": "check", "values": ["yes"]}}
    schema = form_of(check=SCHEMA["properties"]["check"], why={"type": "string", "x-tl": when})
    why = schema_form(schema, {}).questions[1]
    assert why.shown_when == ShownWhen("check", ("yes",), "Checked", ("Yes, all",))
    page = drawn(schema_form(schema, {}))
    assert 'data-driver="check" data-values="yes"' in page
    assert "Only if “Checked” is: Yes, all" in page
    with translation.override("zh-hans"):
        assert "是" in drawn(schema_form(schema, {}, language="zh-hans")).split("only-if")[1].split("</p>")[0]


def test_a_date_is_asked_between_its_days() -> None:
    field = {"type": "string", "format": "date", "maxLength": 10, "x-tl": {"first": "2026-11-22", "last": "2027-11-22"}}
    assert 'type="date" min="2026-11-22" max="2027-11-22"' in drawn(schema_form(form_of(valid_from=field), {}))


def test_free_times_are_chosen_by_day() -> None:
    times = [Option("t1", "09:00", group="Monday"), Option("t2", "14:00", group="Monday")]
    form = schema_form(form_of(visit={"x-tl": {"widget": "slot"}}), {"visit": "t2"}, slots=times)
    page = drawn(form)
    assert page.count('<optgroup label="Monday">') == 1
    assert '<option value="t2" selected>14:00</option>' in page


def test_a_paper_that_is_there_stays_and_can_be_replaced() -> None:
    field = {"type": "string", "x-tl": {"widget": "document"}}
    form = schema_form(form_of(proof=field), {"proof": "id-1"}, papers={"id-1": "bill.pdf"})
    assert form.has_documents
    page = drawn(form)
    assert '<input type="hidden" name="proof" value="id-1">' in page
    assert "We have bill.pdf" in page
    assert 'type="hidden"' not in drawn(schema_form(form_of(proof=field), {"proof": "id-1"}))


def test_a_wrong_answer_is_marked_explained_and_described() -> None:
    field = {"type": "string", "maxLength": 9, "x-tl": {"hint": {"en": "HL- and <six> digits"}}}
    page = drawn(schema_form(form_of(it=field), {"it": "<x>"}, errors={"it": "Not so."}))
    for part in ('aria-invalid="true"', 'aria-describedby="field-it-hint field-it-error"', 'id="field-it-error"'):
        assert part in page
    assert "&lt;six&gt;" in page
    assert 'value="&lt;x&gt;"' in page
    assert 'maxlength="9"' in page
    assert "(optional)" in page


def test_what_was_typed_can_be_read_again_where_the_form_is_closed() -> None:
    form = schema_form(form_of(a={"maxLength": 500}, b={"enum": ["x"]}, c={}), {"a": "My view", "b": "x", "c": ""})
    assert form.texts == ["My view"]


def test_a_browser_fills_in_only_what_a_client_is_asked_for_themselves() -> None:
    form = schema_form(form_of(city={"type": "string"}), {})
    assert 'autocomplete="off"' in drawn(form)
    assert "autocomplete" not in drawn(form, autofill=True)


def test_a_form_that_is_only_shown_cannot_be_changed() -> None:
    assert '<fieldset class="form" disabled' in drawn(schema_form(form_of(a={}), {}), disabled=True)
