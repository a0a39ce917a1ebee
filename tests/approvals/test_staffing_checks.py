"""Whether a firm's people can sign what a matrix asks for: roles without anybody, without relief, too few people."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approvals.asked_chains import Post
from approvals.seats import Course, outlook
from approvals.staffing_checks import of_staffing
from tests.approvals.matrices import COMPLIANCE, LEAD, MANAGER, firm, matrix, seat

BOTH = {"r1": ({"amount": "< 500"}, [LEAD]), "r2": ({"amount": ">= 500"}, [LEAD, MANAGER])}


def told(rows, people):
    return [(found.code, found.level, found.rules) for found in of_staffing(matrix(rows), people)]


def test_enough_people_are_no_finding():
    assert told(BOTH, firm(team_lead="ab", operations_manager="cd")) == []


def test_a_role_that_nobody_holds_is_an_error_with_an_example():
    (finding, *_others) = of_staffing(matrix(BOTH), firm(team_lead="ab", operations_manager=""))
    assert (finding.code, finding.level, finding.rules) == ("role_unheld", "error", ("r2",))
    assert finding.message == "Nobody holds the role operations_manager in here, so nobody can ever sign there."
    assert finding.examples[0]["amount"] >= 500


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ({"team_lead": seat("a")}, True),
        ({"team_lead": seat("ab")}, False),
        ({"team_lead": seat("a", above="b")}, False),
        ({"team_lead": seat("a", above="a")}, True),
        ({"team_lead": seat("a"), "lent": {"a": "b"}}, False),
    ],
)
def test_one_holder_without_anybody_to_ask_instead_is_an_error(people, found):
    codes = [code for code, _level, _rules in told({"r1": ({}, [LEAD])}, firm(**people))]
    assert ("tier_without_relief" in codes) is found


def test_a_clients_own_person_has_no_relief_and_that_is_a_warning():
    rows = {"r1": ({}, ["advisor"])}
    assert told(rows, firm(advisor=seat("abc", personal=True))) == [("tier_without_relief", "warning", ("r1",))]


def test_one_person_with_two_roles_signs_once():
    assert ("not_staffable", "error", ("r2",)) in told(BOTH, firm(team_lead="a", operations_manager="a"))


def test_whoever_prepares_does_not_sign():
    people = {"team_lead": seat("a", above="x"), "operations_manager": seat("bc")}
    found = of_staffing(matrix(BOTH), firm(**people, makers="a"))
    said = [finding.message for finding in found if finding.is_error]
    assert said == ["Whoever prepares it in here, too few different people are left to sign."]
    assert not [each for each in told(BOTH, firm(**people, makers="az")) if each[1] == "error"]


def test_without_whom_a_chain_waits_or_stalls_is_a_warning_that_names_them():
    people = firm(team_lead=seat("a", above="c"), operations_manager=seat("bc"))
    said = [found.message for found in of_staffing(matrix(BOTH), people) if found.code == "not_staffable_without"]
    assert said == ["If a is away or prepared it, this chain in here waits for its time-out; then it asks c."]
    people = firm(team_lead=seat("ab"), operations_manager=seat("b", above="c"))
    said = [found.message for found in of_staffing(matrix(BOTH), people) if found.code == "not_staffable_without"]
    assert said[0] == "If a is away or prepared it, this chain in here waits for its time-out; then it asks c."


def test_who_lent_their_authority_is_not_missed():
    people = {"team_lead": seat("a", above="c"), "operations_manager": seat("bd")}
    assert told(BOTH, firm(**people, lent={"a": "e"})) == []


def test_the_same_is_said_once():
    rows = {"r1": ({"amount": "< 500"}, [MANAGER]), "r2": ({"amount": ">= 500"}, [MANAGER])}
    found = told(rows, firm(operations_manager=seat("a", above="b")))
    assert [code for code, _level, _rules in found] == ["not_staffable_without"]


def post(role, needs=1, *, escalates=True, level=1):
    return Post(role, needs, level, escalates)


def test_several_signatures_of_one_role_need_as_many_people():
    desk = firm(team_lead="ab").desks[0]
    assert outlook([post(LEAD, 2)], desk).course == Course.GOES_ON
    assert outlook([post(LEAD, 2)], desk, away={ord("a")}).course == Course.STALLS
    assert outlook([post(LEAD, 3)], desk).course == Course.STALLS


def test_a_level_without_a_time_out_waits_for_its_own_people():
    desk = firm(team_lead=seat("a", above="b")).desks[0]
    assert outlook([post(LEAD)], desk, away={ord("a")}).course == Course.WAITS
    assert outlook([post(LEAD, escalates=False)], desk, away={ord("a")}).course == Course.STALLS


def test_lent_authority_signs_once_and_for_nobody_who_had_a_part():
    people = firm(team_lead="a", operations_manager="a", lent={"a": "xy"})
    desk, lent, gone = people.desks[0], people.lent, {ord("a")}
    assert outlook([post(LEAD)], desk, away=gone, lent=lent).course == Course.GOES_ON
    assert outlook([post(LEAD), post(MANAGER)], desk, away=gone, lent=lent).course == Course.STALLS
    assert outlook([post(LEAD)], desk, away=gone, barred=gone, lent=lent).course == Course.STALLS
    assert outlook([post(LEAD)], desk, away=gone, barred={ord("x"), ord("y")}, lent=lent).course == Course.STALLS


def test_whoever_is_asked_by_name_signs_themselves_or_through_somebody_whom_they_named():
    people = firm(team_lead=seat("ab", above="c"), lent={"b": "x"})
    desk, by_name = people.desks[0], Post(LEAD, 1, 1, True, frozenset({ord("a")}))
    assert outlook([by_name], desk).course == Course.GOES_ON
    assert outlook([by_name, post(LEAD)], desk, away={ord("b")}).course == Course.WAITS  # a signs once
    assert outlook([by_name], desk, away={ord("a")}, lent=people.lent).course == Course.STALLS
    assert outlook([by_name], desk, away={ord("a")}, lent={ord("a"): frozenset({ord("x")})}).course == Course.GOES_ON


SEATS = st.fixed_dictionaries(
    {role: st.tuples(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("cdef"))) for role in (LEAD, COMPLIANCE)}
)


@settings(max_examples=200)
@given(SEATS, st.sets(st.sampled_from("abcdef"), max_size=3), st.integers(1, 2))
def test_a_course_is_what_choosing_people_by_hand_says(seats, gone, needs):
    people = firm(**{role: seat("".join(own), "".join(above)) for role, (own, above) in seats.items()})
    view = outlook([post(LEAD, needs), post(COMPLIANCE)], people.desks[0], away=set(map(ord, gone)))

    def possible(lead, compliance):
        return any(set(compliance) - set(chosen) for chosen in combinations(sorted(lead), needs))

    own = [seats[role][0] - gone for role in (LEAD, COMPLIANCE)]
    late = [(seats[role][0] | seats[role][1]) - gone for role in (LEAD, COMPLIANCE)]
    expected = Course.GOES_ON if possible(*own) else Course.WAITS if possible(*late) else Course.STALLS
    assert view.course == expected
