"""What is wrong with a DMN file stands in English, and every sentence of it has a Chinese one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext, override
from django.utils.translation.reloader import translation_file_changed

from rulebook.dmn import DmnRefused, read_model
from rulebook.refusals import ModelWrong
from rulebook.said import Said, in_words
from tests.rulebook.dmn_files import column, decision, given, item, knowledge, model, needs, out, row, table

ROOT = Path(settings.BASE_DIR)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TELLERS = {"refuse": 1, "problem": 1, "DmnProblem": 2}


@pytest.fixture(scope="module", autouse=True)
def _the_catalogue_as_it_is_now() -> None:
    call_command("compile_texts")
    translation_file_changed(None, ROOT / "locale/zh_Hans/LC_MESSAGES/django.mo")


def calls() -> list[tuple[Path, ast.Call, str]]:
    files = (ROOT / "rulebook/dmn").rglob("*.py")
    nodes = [(path, node) for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    found = [(path, node) for path, node in nodes if isinstance(node, ast.Call)]
    return [
        (path, call, call.func.id if isinstance(call.func, ast.Name) else call.func.attr)
        for path, call in found
        if isinstance(call.func, ast.Name | ast.Attribute)
    ]


def marked() -> list[str]:
    """Every marked sentence of the reader."""
    texts = [call.args[0] for _path, call, name in calls() if name == "_"]
    return [str(text.value) for text in texts if isinstance(text, ast.Constant)]


def test_nothing_is_said_that_cannot_be_translated() -> None:
    told = [(path, call, call.args[TELLERS[name]]) for path, call, name in calls() if name in TELLERS]
    plain = [
        f"{path.name}:{call.lineno}"
        for path, call, said in told
        if isinstance(said, ast.JoinedStr | ast.Constant | ast.BinOp)
    ]
    assert not plain
    assert len(told) > 40


@pytest.mark.parametrize("sentence", sorted(set(marked())))
def test_every_sentence_is_there_in_chinese_with_the_same_words_in_it(sentence: str) -> None:
    with override("zh-hans"):
        chinese = gettext(sentence)
    assert CHINESE.search(chinese) or chinese != sentence
    assert set(re.findall(r"%\((\w+)\)s", chinese)) == set(re.findall(r"%\((\w+)\)s", sentence))


WRONG = model(
    item("tOdd", "number", allowed="1 +"),
    given("x", "tNothing"),
    decision("A", "1 +"),
    decision("B", needs("nobody"), "2"),
    decision("C", needs("A"), "2"),
    decision("D", needs("x"), table(column("x"), out("y"), row(["< <"], ["1", "2"]), policy="SOME")),
    decision("E", ""),
    decision("F", needs("x", by="requiredKnowledge"), "1"),
    knowledge("K", {"": "number"}, "1"),
)


def test_all_that_is_wrong_with_a_file_is_said_in_chinese() -> None:
    with pytest.raises(DmnRefused) as refused:
        read_model(WRONG)
    assert len(refused.value.problems) > 8
    for problem in refused.value.problems:
        assert isinstance(problem.message, Said)
        with override("zh-hans"):
            said = in_words(problem.message, gettext, "zh-hans")
        assert CHINESE.search(said)
        assert "Expected" not in said
    with override("zh-hans"):
        said = [in_words(each.message, gettext, "zh-hans") for each in refused.value.problems]
        fields = ModelWrong(refused.value.problems).fields
    assert any("应为业务知识" in each and "决策服务，但 x 是输入数据。" in each for each in said)
    assert not [each for each in fields.values() if "Expected" in each]
