"""What holds for every template and script of the repository."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from ui.icons import GLYPHS, PATHS

ROOT = Path(settings.BASE_DIR)
SKIPPED = {".venv", "var", "staticfiles", "node_modules", ".git"}
TEMPLATES = sorted(
    path
    for path in ROOT.rglob("*.html")
    if "templates" in path.parts and not SKIPPED & set(path.relative_to(ROOT).parts)
)
CSS = sorted((ROOT / "static/css").glob("*.css"))
JS = sorted((ROOT / "static/js").glob("*.js"))
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"<[^>%{]*\son[a-z]+\s*=",
    "an htmx handler that needs eval": r"\shx-on[:-]|\shx-vals\s*=\s*['\"]js:",
    "a javascript address": r"javascript:",
    "an external address": r"(?:src|href|action|hx-\w+)\s*=\s*['\"](?:https?:)?//",
}
PLAIN_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE)


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def markup(text: str) -> str:
    """A template without its comments and tags: what reaches the page."""
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_a_template_has_nothing_inline_and_nothing_from_outside(path):
    text = markup(path.read_text(encoding="utf-8"))
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    if PLAIN_SCRIPT.search(text):
        found.append("an inline script")
    assert found == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_patterns_find_what_they_forbid(what):
    guilty = (
        '<p style="x"><style></style><a onclick="x" hx-on:click="y" href="javascript:x">'
        '<img src="https://cdn.example/x.png">'
    )
    assert re.search(FORBIDDEN[what], guilty)


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_every_icon_that_a_template_names_exists(path):
    text = path.read_text(encoding="utf-8")
    icons = re.findall(r"{% icon \"([\w-]+)\"", text) + re.findall(r'icon_name="([\w-]+)"', text)
    icons += re.findall(r"{% icon [\w.]+\|default:\"([\w-]+)\"", text)
    assert set(icons) <= set(PATHS)
    assert set(re.findall(r"{% glyph \"([\w-]+)\"", text) + re.findall(r'\bglyph="([\w-]+)"', text)) <= set(GLYPHS)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=ids)
def test_every_shared_template_compiles(path):
    assert get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", [*CSS, *JS], ids=ids)
def test_styles_and_scripts_ask_nothing_of_another_host(path):
    assert not re.search(r"https?://|@import|url\(", path.read_text(encoding="utf-8"))


def test_every_stylesheet_is_linked_and_every_linked_one_exists():
    linked = re.findall(r"css/([\w-]+\.css)", (ROOT / "templates/ui/styles.html").read_text(encoding="utf-8"))
    assert sorted(linked) == [path.name for path in CSS]


def test_scripts_write_no_html_from_text():
    for path in JS:
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text(encoding="utf-8"))


def test_every_colour_outside_the_tokens_is_a_token():
    for path in CSS:
        if path.name in ("tokens.css", "shell.css"):  # print: black on white
            continue
        text = path.read_text(encoding="utf-8")
        rules = re.sub(r"@media print {.*?\n}\n", "", text, flags=re.DOTALL)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*{)", rules), path.name


def test_icons_are_paths_only():
    for name, path in PATHS.items():
        assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9 .,\-]+", path), name


def test_the_components_are_found_by_the_engine():
    assert engines["django"].get_template("shell_customer.html")
