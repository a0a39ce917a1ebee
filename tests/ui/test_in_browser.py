"""Shortcuts, the row cursor, errors, themes and reflow, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
LOOKS = ["shell=staff&theme=light", "shell=staff&theme=dark", "shell=customer&theme=light", "shell=customer&theme=dark"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def gallery(page):
    page.goto("/ui/")
    page.wait_for_function("() => document.querySelector('[data-theme-toggle]').hidden === false")
    page.evaluate("document.activeElement.blur()")
    return page


def current(page):
    return page.evaluate("document.querySelector('[data-row].cur')?.id")


def chosen(page):
    return page.evaluate("[...document.querySelectorAll('.pick input[name=item]:checked')].map((box) => box.value)")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name")


def ask(page, status, verb="get"):
    """Presses a button whose request is answered with this status, into the drawer."""
    page.evaluate(
        """([status, verb]) => {
          const button = document.createElement("button");
          button.setAttribute(`hx-${verb}`, `/answer/${status}/`);
          button.setAttribute("hx-target", "#drawer");
          document.getElementById("main").prepend(button);
          window.htmx.process(button);
          button.click();
        }""",
        [status, verb],
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_gallery_has_no_violation_of_wcag(chromium, site, look, width):
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}/ui/?{look}")
    result = Axe().run(page, options=RULES)
    context.close()
    assert result.response["passes"], "axe checked nothing"
    assert [(each["id"], each["nodes"][0]["html"]) for each in result.response["violations"]] == []


@pytest.mark.parametrize("address", ["/ui/?shell=staff", "/ui/?shell=customer", "/me/", "/account/login/"])
@pytest.mark.parametrize("width", [320, 390, 900])
def test_pages_reflow_without_scrolling_sideways(page, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 600, 900, 1440])
def test_no_text_in_a_chart_is_smaller_than_eleven_pixels(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/ui/")
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("svg.chart text")]
          .filter((text) => text.checkVisibility())
          .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
    )
    assert 11 <= smallest < 20


def test_the_row_cursor_moves_selects_and_clears(gallery):
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    assert (current(gallery), focused(gallery)) == ("item-1", "item-1")
    gallery.keyboard.press("k")
    gallery.keyboard.press("x")
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    gallery.keyboard.press("Shift+X")
    assert chosen(gallery) == ["0", "1", "2"]
    assert gallery.inner_text("[data-count-selected]") == "3 selected"
    gallery.keyboard.press("Escape")
    assert chosen(gallery) == []
    assert not gallery.is_visible(".bulk")


def test_only_the_current_row_is_in_the_tab_order(gallery):
    gallery.keyboard.press("j")
    gallery.keyboard.press("j")
    assert gallery.evaluate("[...document.querySelectorAll('[data-row][tabindex=\"0\"]')].map((row) => row.id)") == [
        "item-1"
    ]


def test_letters_are_letters_in_a_field_and_nothing_when_switched_off(gallery):
    gallery.keyboard.press("/")
    gallery.keyboard.type("jx")
    assert gallery.input_value("[name=find]") == "jx"
    assert current(gallery) is None
    gallery.keyboard.press("Escape")
    gallery.evaluate("document.documentElement.dataset.keys = 'off'")
    gallery.keyboard.press("j")
    gallery.keyboard.press("2")
    assert current(gallery) is None
    assert gallery.input_value("[name=decision]:checked") == "approve"


def test_keys_press_what_can_be_seen(gallery):
    gallery.keyboard.press("2")
    assert gallery.input_value("[name=decision]:checked") == "send_back"
    gallery.keyboard.press("d")
    assert focused(gallery) == "decision-title"
    gallery.keyboard.press("Control+k")
    assert focused(gallery) == "jump"


def test_a_dialog_opens_by_its_key_and_gives_the_focus_back(gallery):
    gallery.focus("[data-dialog]:not([data-key])")
    gallery.keyboard.press("Enter")
    assert gallery.is_visible("dialog[open]")
    gallery.keyboard.press("Escape")
    assert not gallery.is_visible("dialog[open]")
    assert gallery.evaluate("document.activeElement.textContent") == "Open a dialog"


def test_the_theme_is_remembered_by_a_cookie(gallery):
    gallery.emulate_media(color_scheme="light")
    gallery.click("[data-theme-toggle]")
    gallery.reload()
    assert gallery.get_attribute("html", "data-theme") == "dark"


@pytest.mark.parametrize("status", [200, 409, 422])
def test_answers_that_are_meant_to_be_read_are_shown_and_get_the_focus(gallery, status):
    ask(gallery, status)
    gallery.wait_for_selector("#answer")
    assert gallery.inner_text("#drawer") == f"answer {status}"
    assert focused(gallery) == "answer"


def test_a_failure_says_so_offers_to_try_again_and_leaves_the_page_alone(gallery):
    before = gallery.inner_text("#drawer")
    ask(gallery, 500)
    gallery.wait_for_selector("#alerts .note")
    assert "What you typed is still here" in gallery.inner_text("#alerts")
    assert gallery.inner_text("#drawer") == before
    with gallery.expect_request("**/answer/500/"):
        gallery.click("#alerts button")


def test_a_refusal_is_said_in_its_own_words(gallery):
    ask(gallery, 403)
    gallery.wait_for_selector("#alerts .note")
    assert "Expected somebody else, but you prepared it." in gallery.inner_text("#alerts")
    assert gallery.query_selector("#alerts button") is None


def test_what_was_sent_after_the_sessions_end_can_be_sent_again(gallery):
    ask(gallery, 401, "post")
    gallery.wait_for_selector("#alerts .note")
    assert "You are signed out." in gallery.inner_text("#alerts")
    with gallery.expect_request("**/answer/401/"):
        gallery.click("#alerts button")


def test_writing_carries_the_csrf_token(gallery):
    with gallery.expect_request("**/answer/200/") as sent:
        ask(gallery, 200, "post")
    assert sent.value.headers["x-csrftoken"]
    gallery.wait_for_selector("#answer")


def test_without_a_script_the_menus_open_and_the_language_changes(chromium, site):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/me/")
    page.click(".s-bar > summary")
    assert page.is_visible(".s-bar-panel >> text=Queues")
    assert page.is_visible(".s-bar-panel >> text=Sign out")
    page.click("button[lang=zh-Hans]")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    context.close()


def test_a_link_to_another_shell_loads_a_whole_page(page):
    page.goto("/ui/?shell=staff")
    page.evaluate(
        "() => { const link = document.createElement('a'); link.href = '/account/login/'; link.id = 'out';"
        " link.textContent = 'out'; document.getElementById('main').prepend(link); window.htmx.process(link); }"
    )
    page.click("#out")
    page.wait_for_selector("#id_login")
    assert page.evaluate("document.body.className") == "customer"
