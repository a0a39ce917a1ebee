"""Names of several words: before a text is parsed, the signs inside each such name become signs of a word.

FEEL lets a name hold spaces and `+ - * / . '`, so which signs belong together depends on the names that are known
where the text stands: the longest known name wins. Every sign keeps its place, so positions of errors stay true.
Source: DMN 1.5, clause 10.3.1.2 (grammar rules 22-32) and 10.3.1.4.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

SHIFT = 0xF0000  # into a private plane of Unicode, which the grammar takes for signs of a word
PROPERTIES = frozenset({"time offset", "start included", "end included"})
_PASSED_OVER = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/', re.DOTALL)
_SIGNS = r"[^\W\d][\w\s.'’+\-*/]"
_KEYS = re.compile(rf"[{{,(]\s*({_SIGNS}{{0,200}}):")
_COLON = re.compile(r"\s*:")
_LOOPS = re.compile(rf"\b(?:for|some|every)\s+({_SIGNS}{{0,200}}?)\s+in\b")
_MORE_LOOPS = re.compile(r",\s*([^\W\d][\w\s]{0,200}?)\s+in\b")  # with `-` in it, it may as well be a difference
_FORMALS = re.compile(r"\bfunction\s*\(([^()]{0,2000})\)")
_RESERVED = frozenset(["if", "then", "else", "for", "return", "some", "every", "satisfies", "in", "and", "or", "not"])
_JOINED = re.compile(f"[{chr(SHIFT)}-{chr(SHIFT + 0xFFFD)}]")


def tidy(name: str) -> str:
    """A name with single spaces between its words: two spellings of one name become equal."""
    return " ".join(name.split())


def joined(text: str, spaced: frozenset[str]) -> str:
    """The text, of the same length, in which each name of several words is one word. spaced: those known outside it."""
    own = frozenset(name for name in own_names(text) if not is_word(name))
    search = _search(spaced | own | PROPERTIES)
    parts, start = [], 0
    for passed in _PASSED_OVER.finditer(text):
        parts += [search.sub(_one_word, text[start : passed.start()]), passed[0]]
        start = passed.end()
    return "".join([*parts, search.sub(_one_word, text[start:])])


def parted(word: str) -> str:
    """A joined name as it was written."""
    return tidy(_JOINED.sub(lambda found: chr(ord(found[0]) - SHIFT), word))


@lru_cache(maxsize=4096)
def is_word(name: str) -> bool:
    """Whether a name is one word, which the grammar reads by itself."""
    return re.fullmatch(r"\w+", name) is not None


@lru_cache(maxsize=1024)
def _search(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    written = (r"\s+".join(re.escape(word) for word in name.split()) for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)")


def _one_word(found: re.Match[str]) -> str:
    return "".join(sign if sign == "_" or sign.isalnum() else _sign(sign) for sign in found[0])


def _sign(sign: str) -> str:
    return chr(SHIFT + (ord(" ") if sign.isspace() else min(ord(sign), 0xFFFD)))


def own_names(text: str) -> Iterator[str]:
    """Names that the text itself binds: keys of contexts, variables of loops, parameters of functions."""
    plain = _PASSED_OVER.sub(lambda passed: '"' * len(passed[0]), text)
    if ":" in plain:
        yield from (tidy(found) for found in _KEYS.findall(plain))
        quoted = (found for found in _PASSED_OVER.finditer(text) if _COLON.match(text, found.end()))
        yield from (tidy(found[0][1:-1]) for found in quoted if len(found[0]) > 2 and "\\" not in found[0])
    if " in" in plain or "\nin" in plain:
        yield from (tidy(found) for found in _LOOPS.findall(plain))
        yield from (name for name in map(tidy, _MORE_LOOPS.findall(plain)) if not _RESERVED & set(name.split()))
    if "function" in plain:
        for formals in _FORMALS.findall(plain):
            yield from (tidy(formal.partition(":")[0]) for formal in formals.split(",") if formal.strip())
