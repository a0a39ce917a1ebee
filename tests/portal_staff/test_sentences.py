"""Every fact of the wiring has its sentence, and the other way round."""

import pytest
from django.utils import translation

from config.wiring import REACTIONS
from portal_staff.sentences import NAMED, SENTENCES, icon_of, sentence
from ui.icons import PATHS


def test_every_fact_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == set(REACTIONS)


@pytest.mark.parametrize("fact", sorted(SENTENCES))
def test_a_sentence_reads_without_data_and_has_an_icon(fact: str) -> None:
    said = sentence(fact, {})
    assert said
    assert "%(" not in said
    assert icon_of(fact) in PATHS


def test_a_sentence_names_the_step_and_the_person_in_words() -> None:
    names = {"verify": "Verify the address", "user:7": "Dana Whitfield"}
    said = sentence("work.item.assigned", {"node": "verify", "to": 7}, names)
    assert said == "assigned the step “Verify the address” to Dana Whitfield"


def test_a_milestone_is_not_taken_for_a_node_of_the_same_name() -> None:
    names = {"received": "Request received", "milestone:received": "Received"}
    assert "“Received”" in sentence("orders.milestone.reached", {"milestone": "received"}, names)


def test_a_fact_without_a_sentence_is_shown_by_its_name() -> None:
    assert sentence("orders.order.vanished", {}) == "orders.order.vanished"


VERSION = {"table": "firm", "process": "full_acat", "number": 3}
NAMES = {"firm": "Approval of the firm", "full_acat": "Whole account"}


@pytest.mark.parametrize("fact", sorted(NAMED))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_step_of_a_version_names_what_it_is_a_version_of(fact: str, language: str) -> None:
    with translation.override(language):
        said, old = sentence(fact, VERSION, NAMES), sentence(fact, {"number": 3}, NAMES)
    assert NAMES["firm" if fact.startswith("rulebook") else "full_acat"] in said
    assert "3" in said
    assert "…" not in old
    assert "“" not in old


def test_every_step_of_a_version_is_named() -> None:
    steps = ("proposed", "approved", "rejected", "withdrawn", "in_force")
    assert set(NAMED) >= {f"{room}.version.{step}" for room in ("rulebook", "processes") for step in steps}
