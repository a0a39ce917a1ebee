"""What the check finds in a drawing stands in English, and every sentence of it has a Chinese one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext, override
from django.utils.translation.reloader import translation_file_changed

from processes.engine import NotExecutable, ParseRefused, check, compile_graph, parse
from processes.engine.document import FLOW_NODES
from processes.engine.references import SHOWN_ONLY
from processes.engine.translate import NotTranslatable, translate
from processes.engine.words import WORDS
from rulebook.feel import compile_expression
from rulebook.said import Said, in_words

from .bpmn import element, end, extensions, flow, path, process, start, user

ROOT = Path(settings.BASE_DIR)
ENGINE = ROOT / "processes/engine"
FILES = [
    *ENGINE.rglob("*.py"),
    ROOT / "processes/publishing.py",
    ROOT / "processes/orderless.py",
    ROOT / "rulebook/hardened_xml.py",
]
TELLERS = {"Finding": 2, "ParseRefused": 2, "XmlRefused": 1, "NotTranslatable": 0, "refusal": 1}
HELPERS = {"_wrong": 1, "_useless": 1, "_about": 1, "Said": 0}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module", autouse=True)
def _the_catalogue_as_it_is_now() -> None:
    call_command("compile_texts")
    translation_file_changed(None, ROOT / "locale/zh_Hans/LC_MESSAGES/django.mo")


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def told() -> list[tuple[Path, ast.Call, ast.expr]]:
    """Everything that is said of a drawing, where it is said."""
    places = {**TELLERS, **HELPERS}
    found = [(path, call, places[name_of(call)]) for path in FILES for call in calls(path) if name_of(call) in places]
    return [(path, call, call.args[place]) for path, call, place in found if len(call.args) > place]


def sentences() -> set[str]:
    """Every marked sentence of the engine."""
    marks = [call.args[0] for path in FILES for call in calls(path) if name_of(call) == "_"]
    assert all(isinstance(mark, ast.Constant) for mark in marks)
    return {mark.value for mark in marks}  # type: ignore[attr-defined]


def chinese(text: str) -> str:
    with override("zh-hans"):
        return in_words(text, gettext, "zh-hans")


def test_nothing_is_said_of_a_drawing_but_in_marked_sentences() -> None:
    assert len(told()) > 80
    plain = [
        f"{path.name}:{call.lineno}" for path, call, said in told() if isinstance(said, ast.Constant | ast.JoinedStr)
    ]
    assert plain == []


def test_every_sentence_has_a_chinese_one() -> None:
    assert len(sentences()) > 150
    with override("zh-hans"):
        same = {sentence for sentence in sentences() if gettext(sentence) == sentence}
    assert same == set()


def test_everything_that_a_drawing_holds_has_a_word() -> None:
    assert set(WORDS) >= FLOW_NODES | set(SHOWN_ONLY)


MESSAGE = "<bpmn:messageEventDefinition/>"
BROKEN = process(
    start(), start("start"), user("t", default="nowhere", tl_kind="odd"), end("e", tl_outcome="odd"),
    element("adHocSubProcess", "odd"), element("complexGateway", "c"), element("startEvent", "s2", MESSAGE),
    element("intermediateCatchEvent", "catch", MESSAGE), element("businessRuleTask", "d"),
    element("userTask", "many", "<bpmn:multiInstanceLoopCharacteristics/>"),
    element("userTask", "loop", '<bpmn:standardLoopCharacteristics loopMaximum="999999"/>'),
    element("serviceTask", "n", extensions('<tl:milestone key="k"/><tl:work effort="many"/>'), tl_kind="work"),
    element("subProcess", "es", start("i1") + start("i2"), triggeredByEvent="true"),
    element("exclusiveGateway", "g"), flow("g -> e", "${a.b()}", id="f1"), flow("g -> t", "nonsense(1)", id="f2"),
    path("start -> t"), flow("e -> start"), flow("t -> gone"),
    element("intermediateThrowEvent", "l", '<bpmn:linkEventDefinition name="x"/>'),
    element("boundaryEvent", "b", "<bpmn:cancelEventDefinition/>", attachedToRef="t", cancelActivity="false"),
)  # fmt: skip


def test_a_broken_drawing_is_told_in_chinese_whole() -> None:
    report = check(parse(BROKEN), compile_expression, publishable=True)
    assert len(report.errors) > 25
    for finding in (*report.errors, *report.warnings):
        assert isinstance(finding.message, Said)
        assert CHINESE.search(chinese(finding.message))
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", chinese(finding.message)), chinese(finding.message)


def test_a_sentence_names_the_element_and_its_inner_sentence_in_chinese() -> None:
    data = process(
        start(), element("userTask", "check", name="Check"), end(), path("start -> check -> end"),
        element("exclusiveGateway", "g"), flow("g -> end", "${a.b()}", id="f"),
    )  # fmt: skip
    said = [finding.message for finding in check(parse(data), compile_expression).warnings]
    (unnamed,) = [one for one in said if "zh-Hans" in one]
    (foreign,) = [one for one in said if "another tool" in one]
    assert unnamed == 'Expected <tl:name zh-Hans="…"/> on userTask "Check" (check), but it has none.'
    assert chinese(unnamed) == '用户任务“Check”（check）应有<tl:name zh-Hans="…"/>，但没有。'
    why = "表达式应能用 FEEL 表述，但“a.b(…)”调用了其他工具的方法或函数。"
    both = element("userTask", "check", extensions('<tl:name zh-Hans="复核"/>'), name="Check")
    (stuck,) = [one.message for one in check(parse(process(both))).warnings if "flow out of" in one.message]
    assert 'userTask "Check" (check)' in stuck
    assert "用户任务“复核”（check）" in chinese(stuck)
    assert chinese(foreign) == f"顺序流 f 的条件应使用 FEEL，但它是为其他工具编写的：{why}"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE a><a/>", "声明了 DTD"),
        (b"<a>", "格式正确的 XML"),
        (b"<a/>", "根元素应为 BPMN 2.0"),
        (b"<a>" * 200 + b"</a>" * 200, "最多嵌套 100 层"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_chinese(data: bytes, says: str) -> None:
    with pytest.raises(ParseRefused) as refused:
        parse(data)
    assert says in chinese(refused.value.message)


def test_a_model_that_does_not_run_says_why_in_chinese() -> None:
    with pytest.raises(NotExecutable) as refused:
        compile_graph(parse(process(start())), "other")
    assert chinese(refused.value.message) == "应有流程“other”，但文件中有：p。"


@pytest.mark.parametrize("text", ["${x = 1}", "${1 / 0}", "${a", "PT${h}H", "${execution.id}", "${'x' < 3}", "${if}"])
def test_an_expression_of_another_tool_says_why_in_chinese(text: str) -> None:
    with pytest.raises(NotTranslatable) as refused:
        translate(text)
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", chinese(refused.value.message))
