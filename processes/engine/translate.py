"""Expressions that other tools wrote, put into FEEL where it says the same; refused with the reason where not.

| written in the model | in FEEL |
| --- | --- |
| `= x > 5` (Camunda 8) | the same without the sign: it is FEEL |
| text without a mark | taken as FEEL, unless its declared language says otherwise |
| `${…}`, `#{…}` (Camunda 7, Activiti, Flowable: JUEL) | translated by the lines below |
| `a.b`, `a["b"]` | `a.b`; what is no name: `get value(a, "b c")` |
| `list[0]` | `list[1]`: JUEL counts from 0, FEEL from 1; a place that is no number written out is refused |
| `==`, `!=`, `eq`, `ne` | `=`, `!=` where the types are seen in the text, or null is written out |
| `x == y`, `x == "5"` | `juel_equal(x, y)`: as numbers where one is one, else as truths where one is one |
| `x < y`, `lt`, … | `juel_less(x, y)`, `juel_at_most(x, y)`: as numbers where one is one, else as texts |
| `&&`, `\\|\\|`, `and`, `or`, `!x`, `not x` | the same, of a variable `juel_truth(x)`: null is false |
| `empty x` | `list contains([null, "", [], {}], x)` |
| `a ? b : c` | `if a then b else c`, with `a` as above |
| `+ - *` | the same, of a variable `juel_number(x)`: null counts as 0, "5" as 5 |
| `7 / 2`, `7 / x`, `div`; `%`, `mod` | `7 / 2`, `juel_divided(…)`, `juel_rest(…)`: fractions, as in JUEL |
| `"a" + name` | `"a" + juel_text(name)`: what JUEL refuses (its `+` adds numbers only) joins texts here |
| calls of methods, functions and beans, `execution`, `task` | refused |
| a regular expression (`x.matches("…")`) | refused: it is a call; FEEL has `matches(x, "…")` with other rules |
| lambda, assignment, `;`, `instanceof`, lists and sets written out | refused |
| text around the mark (`PT${hours}H`) | refused: write `"PT" + string(hours) + "H"` |
| a number, text or boolean where another is asked | refused, where it can be seen: JUEL would convert it |
| scripts (Groovy, JavaScript, Python, Java, MVEL), XPath | refused by the declared language |

The functions of the right column are no FEEL of the standard: they convert as JUEL does (`rulebook.feel.functions.
conversions`), and where JUEL could not, or would call a number infinite, they fail by name: an incident, never another
path. Known differences: numbers are decimal instead of binary fractions, and whole and broken numbers are compared.
"""

from __future__ import annotations

import re

from processes.engine.juel import SIDE_BY_SIDE, NotTranslatable, feel_of, refusal
from rulebook.said import gettext_noop as _

__all__ = ["NotTranslatable", "translate"]

MARKS = ("${", "#{")
MARK_OUTSIDE_TEXT = re.compile(r"[$#]\{")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
OWN = ("", "feel")
NOT_A_SCRIPT = ("juel", "xpath")  # XPath is what tools declare for a whole file, whatever it holds


def translate(text: str, language: str = "") -> str:
    """FEEL with the meaning of an expression of a model.

    language: as declared on the expression (a name or an address), "" where nothing is. FEEL itself is not judged here.
    Raises NotTranslatable: another language, or what FEEL cannot say with the same meaning.
    """
    text, declared = text.strip(), _spoken(language)
    if text.startswith(MARKS) and declared in (*OWN, *NOT_A_SCRIPT):
        return feel_of(text)
    if declared not in OWN:
        raise refusal(text, _("is declared as %(language)s"), language=language.strip()[:80])
    if MARK_OUTSIDE_TEXT.search(TEXT.sub("", text)):
        raise refusal(text, SIDE_BY_SIDE)
    return text.removeprefix("=").strip()


def _spoken(language: str) -> str:
    lowered = language.strip().lower()
    return next((known for known in ("feel", *NOT_A_SCRIPT) if known in lowered), lowered)
