"""The Chinese catalogue holds every text of the product, and says it with the same blanks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils.translation import override
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

from accounts.words import ROLES
from orders import words as order_words
from orders.models import Order
from orders.models import State as OrderState
from rulebook import words as version_words
from rulebook.change_control import State as VersionState
from tests.firm import Cast, address_change
from work import words as item_words
from work.models import State as ItemState

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
SKIPPED = {".venv", ".git", "tests", "var", "staticfiles", "locale", "migrations"}
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
BLANK = re.compile(r"%\((\w+)\)([sd])|(?<!%)%([sd])|\{(\w*)\}|\[(\w+)\]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {"English"}
SPLIT_AT_A_COMMA = {"Yes,No"}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”）][,;:!?(]|[,;:!?)][\u4e00-\u9fff“（]|[\u4e00-\u9fff”）]\.(?!\.)")

Key = tuple[str | None, str]


def sources() -> list[Path]:
    """The Python files and templates whose texts a reader may see."""
    rooms = [folder for folder in ROOT.iterdir() if folder.is_dir() and folder.name not in SKIPPED]
    found = [path for room in rooms for kind in ("*.py", "*.html") for path in room.rglob(kind)]
    return [path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts)]


def texts_of(path: Path) -> Iterator[Key]:
    """Every marked text of a file, with its context."""
    code = path.read_text(encoding="utf-8")
    if not re.search(r"gettext|_\(|translate", code):
        return
    if path.suffix == ".html":
        code = "\n".join(line.strip() for line in templatize(code, origin=str(path)).splitlines())
    for _line, said, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        yield context, said if isinstance(said, str) else said[0]


@cache
def marked() -> dict[Key, str]:
    """All marked texts of the tree, each with one file where it stands."""
    return {key: str(path.relative_to(ROOT)) for path in sources() for key in texts_of(path)}


@cache
def catalogue() -> Catalog:
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_Hans")


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def said(message: Message) -> list[str]:
    """What the catalogue says for a message: one sentence, Chinese has one plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def english(message: Message) -> str:
    """The source text; of a plural the form for many, which has every blank."""
    return message.id if isinstance(message.id, str) else message.id[1]


def blanks(text: str) -> list[str]:
    return sorted(match[0] for match in BLANK.finditer(text))


def test_the_texts_of_the_product_are_found():
    found = marked()
    assert len(found) > 500
    assert (None, "Sign in") in found
    assert ("work item", "Pended") in found


def test_every_text_of_the_product_is_in_the_catalogue():
    known = {(message.context, message.id if isinstance(message.id, str) else message.id[0]) for message in messages()}
    missing = {key: path for key, path in marked().items() if key not in known}
    assert missing == {}, "run manage.py makemessages -l zh_Hans --no-location --no-wrap, then translate"


def test_the_catalogue_holds_nothing_that_the_product_no_longer_says():
    found = marked()
    keys = [(message.context, message.id if isinstance(message.id, str) else message.id[0]) for message in messages()]
    assert [key for key in keys if key not in found] == []
    assert list(catalogue().obsolete) == []


def test_every_text_has_one_translation_and_none_is_a_guess():
    assert catalogue().num_plurals == 1
    assert [message.id for message in messages() if not all(said(message)) or len(said(message)) != 1] == []
    assert [message.id for message in messages() if message.fuzzy] == []


def test_both_sides_have_the_same_blanks():
    wrong = {english(each): said(each)[0] for each in messages() if blanks(english(each)) != blanks(said(each)[0])}
    # "05 min" needs no leading zero in Chinese
    wrong.pop("[h] h [mm] min", None)
    assert wrong == {}


def test_translations_are_chinese_with_full_width_punctuation():
    plain = [english(each) for each in messages() if not CHINESE.search(said(each)[0])]
    assert [text for text in plain if re.search(r"[A-Za-z]{2}", BLANK.sub("", text)) and text not in SAME_IN_BOTH] == []
    half = [english(each) for each in messages() if HALF_WIDTH.search(said(each)[0])]
    assert [text for text in half if text not in SPLIT_AT_A_COMMA] == []


@pytest.mark.parametrize("wrong", ["请填写.", "订单(草稿)", "草稿)已删除", "注意:请填写", "好,知道了", "好!"])
def test_half_width_punctuation_beside_chinese_is_found(wrong):
    assert HALF_WIDTH.search(wrong)


@pytest.mark.parametrize(
    ("states", "words"),
    [(OrderState, order_words.STATES), (ItemState, item_words.STATES), (VersionState, version_words.STATES)],
)
def test_every_state_has_its_word(states, words):
    assert set(words) == set(states.values)


@pytest.mark.parametrize("said", [order_words, item_words, version_words])
def test_every_refusal_by_state_is_said_with_the_state_in_words(said):
    for verb in said.NOT_NOW:
        for state, word in said.STATES.items():
            assert f"“{word}”" in said.not_now(state, verb)


# What follows opens pages in Chinese.


class Text(HTMLParser):
    """Collects what a reader sees or hears of a page, but for what is marked as English or as a code."""

    SILENT = {"script", "style", "kbd", "code", "option"}
    SPOKEN = {"aria-label", "placeholder", "title", "alt", "data-label"}
    VOID = {"meta", "link", "input", "br", "hr", "img", "source", "wbr", "path", "use"}

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.inside: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in self.SILENT or given.get("lang") == "en" or "ref" in (given.get("class") or "").split()
        if not (silent or any(self.inside)):
            self.heard += [given[name] or "" for name in self.SPOKEN & given.keys()]
        if tag not in self.VOID:
            self.inside.append(silent)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.inside) and data.strip():
            self.heard.append(" ".join(data.split()))


def sentences_left(page: str) -> list[str]:
    """Runs of three English words or more on a page."""
    text = Text()
    text.feed(page)
    return [each for each in text.heard if re.search(r"[A-Za-z]{2,},? [a-z]{2,},? [a-z]+", each)]


@pytest.fixture(scope="module", autouse=True)
def _the_catalogue_as_it_is_now() -> None:
    """Texts are shown from the compiled catalogue, so it is made again first."""
    call_command("compile_texts")
    translation_file_changed(None, CATALOGUE.with_suffix(".mo"))


def in_chinese(browser: Browser, address: str) -> str:
    browser.cookies["django_language"] = "zh-hans"
    answer = browser.get(address, follow=True)
    assert 'lang="zh' in (page := answer.content.decode())
    return page


def test_an_english_sentence_is_found_and_a_name_is_not():
    assert sentences_left('<p>We need it</p><i title="Close this message"></i>') == ["We need it", "Close this message"]
    assert sentences_left('<p lang="en">We need it</p><b>Hartwell Family Trust</b><p>请使用 PDF。</p>') == []


PUBLIC = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_before_signing_in_has_no_english_sentence_in_chinese(client, name):
    page = in_chinese(client, reverse(name))
    assert sentences_left(page) == []
    assert "登录" in page


@pytest.mark.django_db
def test_the_page_that_is_not_there_speaks_chinese(client):
    page = in_chinese(client, "/nothing/here/")
    assert "我们找不到该内容" in page
    assert sentences_left(page) == []


def address_of(name: str, order: Order) -> str:
    """The address of a page; one about an order, its item, a queue, a table or a process is about the scene's."""
    about: dict[str, dict[str, object]] = {
        "customer:order": {"number": order.number},
        "customer:new_order": {"product": "name_change"},
        "staff:order": {"number": order.number},
        "staff:trail": {"number": order.number},
        "staff:item": {"item": order.work_items.get().public_id},
        "staff:queue": {"code": "maintenance"},
    }
    return reverse(name, kwargs=about.get(name))


PAGES = {
    "ana": ("home", "orders", "preferences", "order", "new_order"),
    "adam": ("home", "orders"),
    "dee": ("my_work", "queue", "item", "order", "search", "notices", "preferences"),
    "eve": ("queues", "queue", "breaches"),
    "max": ("board",),
    "fay": ("approvals", "supervisory_log"),
    "alan": ("tables", "processes"),
    "judith": ("trail",),
}
CLIENTS = ("ana", "adam")
SIGNED_IN = ("account_change_password", "account_logout", "account_reauthenticate", "mfa_index", "mfa_activate_totp")
OPENED = [(who, f"{'customer' if who in CLIENTS else 'staff'}:{name}") for who in PAGES for name in PAGES[who]]
OPENED += [("ana", name) for name in SIGNED_IN]


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "name"), OPENED)
def test_a_page_has_no_english_sentence_in_chinese(
    firm: Cast, now: datetime, client: Browser, who: str, name: str
) -> None:
    order = address_change(firm, now)
    user = getattr(firm, who)
    user.language = "zh-hans"
    user.save(update_fields=["language"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert sentences_left(in_chinese(client, address_of(name, order))) == []


def test_roles_have_words_in_chinese():
    with override("zh-hans"):
        assert all(CHINESE.search(str(word)) for word in ROLES.values())
