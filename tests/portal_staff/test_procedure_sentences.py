"""Rules in sentences: what a cell, a row and a step say, in both languages; nothing that a rule tests is left out."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal_staff.drawing_words import Words
from portal_staff.procedures.cells import clause
from portal_staff.procedures.rows import default_sentence, row_sentence
from portal_staff.procedures.steps import step_sentences
from portal_staff.vocabulary import Vocabulary
from processes.engine import parse
from tests.processes.engine.bpmn import element, end, path, process, start
from tests.rulebook.tables import body

INPUTS = [
    {"name": "amount", "type": "number", "unit": "USD", "label": {"en": "Amount", "zh-Hans": "金额"}},
    {
        "name": "kind",
        "type": "text",
        "label": {"en": "Kind of transfer", "zh-Hans": "转移类型"},
        "labels": {"wire": {"en": "Wire", "zh-Hans": "电汇"}, "own": {"en": "Own", "zh-Hans": "本人"}},
    },
    {"name": "on", "type": "date", "label": {"en": "Day", "zh-Hans": "日期"}},
    {"name": "worked", "type": "boolean", "label": {"en": "Actively worked", "zh-Hans": "正在处理"}},
    {"name": "asked", "type": "text", "label": {"en": "What does not agree", "zh-Hans": "差异"}},
    {"name": "tags", "type": "list", "label": {"en": "Tags", "zh-Hans": "标签"}},
]
COLUMNS = {column["name"]: column for column in INPUTS}


def said(column: str, cell: str, language: str = "en") -> str:
    with override(language):
        return clause(Vocabulary.of_table(body({}, inputs=INPUTS)), COLUMNS[column], cell)


@pytest.mark.parametrize(
    ("column", "cell", "english"),
    [
        ("amount", "-", ""),
        ("amount", "< 500000", "the amount is under 500,000 USD"),
        ("amount", "<= 0.50", "the amount is at most 0.50 USD"),
        ("amount", "> 2000000.01", "the amount is over 2,000,000.01 USD"),
        ("amount", ">= 5", "the amount is at least 5 USD"),
        ("amount", "[25000..100000]", "the amount is from 25,000 USD to 100,000 USD, both included"),
        ("amount", "(1..2]", "the amount is over 1 USD and the amount is at most 2 USD"),
        ("amount", "[1..2)", "the amount is at least 1 USD and the amount is under 2 USD"),
        ("amount", "1, 2, > 9", "the amount is 1 USD or 2 USD or the amount is over 9 USD"),
        ("amount", "null", "the amount is not known"),
        ("amount", "not(null)", "the amount is known"),
        ("amount", "1, null", "the amount is 1 USD or the amount is not known"),
        ("amount", "not(< 5)", "it is not so that the amount is under 5 USD"),
        ("amount", "!= 5", "the amount is not 5 USD"),
        ("amount", "? * 2 > 10", "the amount passes the test ? * 2 > 10"),
        ("amount", "< 5, > other", "the amount passes the test < 5, > other"),
        ("kind", '"wire"', "the kind of transfer is “Wire”"),
        ("kind", '"wire","own"', "the kind of transfer is “Wire” or “Own”"),
        ("kind", 'not("own")', "the kind of transfer is not “Own”"),
        ("kind", 'not("own","wire")', "the kind of transfer is none of “Own” and “Wire”"),
        ("on", '>= date("2026-03-01")', "the day is Sun 1 Mar 2026 or later"),
        ("on", '< date("2026-03-01")', "the day is before Sun 1 Mar 2026"),
        ("worked", "false", "the answer to “Actively worked” is No"),
        ("asked", '"x"', "“What does not agree” is “x”"),
        ("tags", 'list contains(?, "a")', '“Tags” passes the test list contains(?, "a")'),
    ],
)
def test_a_cell_is_a_clause(column: str, cell: str, english: str) -> None:
    assert said(column, cell) == english


@pytest.mark.parametrize(
    ("column", "cell", "chinese"),
    [
        ("amount", "< 500000", "金额低于 500,000 USD"),
        ("amount", "[25000..100000]", "金额为 25,000 USD 至 100,000 USD（含两端）"),
        ("kind", 'not("own","wire")', "转移类型不是“本人”和“电汇”中的任何一项"),
        ("worked", "true", "“正在处理”为是"),
    ],
)
def test_a_cell_is_a_clause_in_chinese(column: str, cell: str, chinese: str) -> None:
    assert said(column, cell, "zh-hans") == chinese


NUMBER = st.sampled_from(["1", "25000", "0.01", "-3"])
ATOM = st.one_of(
    NUMBER,
    st.just("null"),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "!="]), NUMBER),
    st.builds("{}{}..{}{}".format, st.sampled_from("[("), NUMBER, NUMBER, st.sampled_from("])")),
)
LISTS = st.lists(ATOM, min_size=1, max_size=3).map(", ".join)


@given(st.one_of(LISTS, LISTS.map("not({})".format)))
def test_every_limit_of_a_cell_stands_in_its_clause(cell: str) -> None:
    text = said("amount", cell)
    for limit, shown in (("25000", "25,000"), ("0.01", "0.01"), ("-3", "-3")):
        assert (limit in cell) == (shown in text)
    assert ("null" in cell) == ("known" in text)


APPROVAL = [
    {"name": "roles", "type": "list"},
    {"name": "adds_at_most", "type": "text"},
    {
        "name": "evidence",
        "type": "list",
        "labels": {"verbal_callback": {"en": "Verbal call-back", "zh-Hans": "电话回访"}},
    },
    {"name": "log", "type": "text"},
]


def approval(then: dict, language: str = "en") -> str:
    table = body({"r": ({"amount": "> 50000"}, then)}, inputs=INPUTS, outputs=APPROVAL)
    with override(language):
        return row_sentence(Vocabulary.of_table(table), "approval_matrix", table, table["rules"][0])


def test_a_row_of_a_matrix_says_who_signs_in_order_with_what_and_how_long() -> None:
    then = {
        "roles": '["compliance", "operations_analyst", "team_lead"]',
        "adds_at_most": '"2h"',
        "evidence": '["verbal_callback"]',
    }
    assert approval(then) == (
        "Where the amount is over 50,000 USD: the operations analyst prepares the work; the approvals of team lead and "
        "compliance are needed, in this order; on record must be: verbal call-back; this adds at most 2 h."
    )
    assert approval(then, "zh-hans") == (
        "当金额高于 50,000 USD 时：由运营专员经办；须依次经团队主管和合规审批；须留存：电话回访；最多增加 2 小时。"
    )


def test_a_row_that_nobody_signs_says_so() -> None:
    alone = approval({"roles": '["operations_analyst"]', "log": '"automated_supervisory"'})
    assert "prepares the work; nobody else has to sign; it is entered in the supervisory log" in alone
    assert "nobody has to sign" in approval({"roles": "[]"})


def test_an_output_that_is_computed_is_shown_as_it_is_written() -> None:
    outputs = [{"name": "fee", "type": "number", "label": {"en": "Fee", "zh-Hans": "费用"}}]
    table = body({"r": ({}, {"fee": "amount * 2"})}, inputs=INPUTS, outputs=outputs, default={"fee": "1000"})
    words = Vocabulary.of_table(table)
    assert row_sentence(words, "fees", table, table["rules"][0]) == "In every case: Fee: amount * 2."
    assert default_sentence(words, "fees", table) == "Where no rule of this table applies: Fee: 1,000."


def test_targets_and_escalations_have_sentences_of_their_own() -> None:
    targets = body(
        {"r": ({}, {"target": '"3bd"', "calendar": '"NYSE"', "cutoff": '"16:00"', "regulatory": "true"})},
        inputs=INPUTS,
        outputs=[{"name": name, "type": "text"} for name in ("target", "calendar", "cutoff", "regulatory")],
        default={"target": "null"},
    )
    words = Vocabulary.of_table(targets)
    text = row_sentence(words, "sla_targets", targets, targets["rules"][0])
    assert "the target is 3 business days by the calendar NYSE; what comes in from 16:00 on" in text
    assert "a regulation sets it" in text
    assert default_sentence(words, "sla_targets", targets).endswith("no target is set.")
    ladder = body(
        {"r": ({"worked": "false"}, {"tier": "2", "to": '"team_lead"', "interval": '"PT2H"'})},
        inputs=INPUTS,
        outputs=[{"name": name, "type": "text"} for name in ("tier", "to", "interval")],
    )
    text = row_sentence(Vocabulary.of_table(ladder), "sla_escalation", ladder, ladder["rules"][0])
    assert "tier 2 of the escalation is told: team lead; if nobody acts within 2 h, the next tier is told" in text


def test_a_drawing_says_what_is_done_and_what_follows_past_where_ways_meet() -> None:
    ok = element("exclusiveGateway", "ok", name="Well?", default="ok-meet")
    parts = [
        *(element("task", key, name=name) for key, name in (("a", "Look"), ("b", "Mend"), ("c", "Send"))),
        element("sequenceFlow", "no", sourceRef="ok", targetRef="b", name="no"),
    ]
    flows = path("start -> a -> ok -> meet -> c -> end") + path("b -> meet")
    xml = process(start(), ok, element("exclusiveGateway", "meet"), *parts, flows, end())
    sentences = dict(step_sentences(Words(parse(xml))))
    assert list(sentences) == ["a", "ok", "b", "c"]
    assert sentences["ok"] == "“Well?”: one of the ways is taken. Then: “Mend” if “no”; otherwise “Send”."
    assert sentences["b"].endswith("Then: “Send”.")
    assert sentences["c"].endswith("Then: the end “end”.")
