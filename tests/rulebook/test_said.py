"""Sentences of the pure parts: English where they are made, the reader's language where a page shows them."""

import ast
import copy
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from approvals import checking as approvals_checking
from audit.actors import Actor
from rulebook import actions
from rulebook.feel import FeelError, compile_expression
from rulebook.models import Table, TableVersion
from rulebook.refusals import TableWrong
from rulebook.said import Named, Said, in_words
from rulebook.table_loading import Problem
from sla import checking as sla_checking

ROOT = Path(settings.BASE_DIR)
PURE = [path for path in (ROOT / "rulebook").rglob("*.py") if "gettext_noop as _" in path.read_text(encoding="utf-8")]
FILES = [*PURE, Path(approvals_checking.__file__), Path(sla_checking.__file__)]
TELLERS = {"FeelError": 0, "refuse": 0, "Problem": 2, "Unreachable": 1, "Unproven": 3, "_give_up": 0}


def calls(path):
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def name_of(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def sentences():
    """Every marked sentence of the pure parts."""
    return {call.args[0].value for path in FILES for call in calls(path) if name_of(call) == "_"}


def test_every_finding_and_error_is_made_of_a_marked_sentence():
    plain = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in FILES
        for call in calls(path)
        if name_of(call) in TELLERS
        and len(call.args) > TELLERS[name_of(call)]
        and isinstance(call.args[TELLERS[name_of(call)]], ast.Constant | ast.JoinedStr)
    ]
    assert plain == []


def test_every_sentence_has_a_chinese_one():
    assert len(sentences()) > 60
    with override("zh-hans"):
        same = [sentence for sentence in sentences() if gettext(sentence) == sentence]
    assert same == []


def test_a_sentence_is_english_by_itself_and_translated_with_those_inside_it():
    inner = Said("It is %(colour)s.", colour="red")
    whole = Said("%(cell)s: %(problem)s", cell="'< <'", problem=inner)
    assert whole == "'< <': It is red."
    chinese = {"It is %(colour)s.": "它是%(colour)s的。", "%(cell)s: %(problem)s": "%(cell)s：%(problem)s"}
    assert in_words(whole, chinese.__getitem__) == "'< <'：它是red的。"
    assert in_words("as it is", chinese.__getitem__) == "as it is"
    assert in_words(Said("100 %"), lambda text: text) == "100 %"


def test_a_name_in_both_languages_is_said_in_the_readers():
    said = Said("%(name)s is red.", name=Named("The rose", "玫瑰"))
    assert said == "The rose is red."
    translate = {"%(name)s is red.": "%(name)s是红的。"}.__getitem__
    assert in_words(copy.deepcopy(said), translate, "zh-hans") == "玫瑰是红的。"
    assert in_words(said, lambda text: text, "en") == "The rose is red."
    assert in_words(Said("%(name)s is red.", name=Named("The rose")), translate, "zh-hans") == "The rose是红的。"


def test_a_copy_of_a_sentence_can_still_be_translated():
    said = Said("It is %(colour)s.", colour="red")
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert in_words(other, {"It is %(colour)s.": "它是%(colour)s的。"}.__getitem__) == "它是red的。"
        assert (other.template, other.given) == (said.template, said.given)


def test_an_error_of_an_expression_names_its_place_in_the_readers_language():
    with pytest.raises(FeelError) as failed:
        compile_expression("nonsense(1)")
    assert str(failed.value) == "There is no function nonsense. (at character 1)"
    with override("zh-hans"):
        assert in_words(failed.value.sentence, gettext) == "没有名为 nonsense 的函数。（第 1 个字符处）"


@pytest.mark.parametrize(("cell", "says"), [("< <", "数字"), ('"x"', "数字"), ("date(", "数字")])
def test_a_refused_table_says_what_is_wrong_in_the_readers_language(firm, now, cell, says):
    table = Table.objects.get(key="firm")
    body = copy.deepcopy(TableVersion.objects.get(table=table, state="in_force").body)
    body["rules"][0]["when"]["amount"] = cell
    with override("zh-hans"), pytest.raises(TableWrong) as refused:
        actions.draft_version(table, body=body, actor=Actor.of(firm.alan), now=now)
    (sentence,) = refused.value.fields.values()
    assert says in sentence
    assert "takes for example" not in sentence


def test_a_problem_on_the_command_line_stays_english():
    assert (
        str(Problem("r1", "amount", Said("Expected %(what)s.", what="a number")))
        == "rule r1 amount: Expected a number."
    )
