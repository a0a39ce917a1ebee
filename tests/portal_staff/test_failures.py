"""What failed is said in the reader's language; the technical text stands beside it and says that it is English."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from portal_staff.failures import OTHERWISE, UNDECIDED, UNREACHABLE, failure_words
from processes.models import Incident
from processes.refusals import StepFailed
from tests.portal_staff.test_instance_pages import FAILING
from tests.processes.drawings import complete, order_of, put_in_force

DOWN = "ConnectionError: The link to the custodian is down."


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (DOWN, UNREACHABLE),
        ("TimeoutError", UNREACHABLE),
        ("FeelError: no such name", UNDECIDED),
        ("ZeroDivisionError: division by zero", OTHERWISE),
        ("", OTHERWISE),
    ],
)
def test_a_cause_has_a_sentence(cause, words) -> None:
    english = failure_words(cause)
    assert english == str(words)
    with override("zh-hans"):
        assert failure_words(cause) != english


@pytest.mark.parametrize("page", ["waiting", "instance"])
def test_the_pages_say_it_in_words(firm, now, as_user, page) -> None:
    put_in_force(firm, "main", FAILING, now)
    order = order_of(firm, "main", now, sent_as="failed")
    with pytest.raises(StepFailed):
        complete(order, "look", firm.dee, now)
    Incident.objects.update(cause=DOWN)
    address = reverse("staff:waiting") if page == "waiting" else reverse("staff:instance", args=[order.number])
    browser = as_user(firm.max)
    browser.cookies["django_language"] = "zh-hans"
    text = browser.get(address).text
    assert "已连接的系统没有应答。</summary>" in text
    assert f'lang="en">{DOWN}<' in text
