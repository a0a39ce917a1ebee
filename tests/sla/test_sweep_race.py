"""Two sweepers at once: every band and every tier once."""

from datetime import timedelta

from audit.models import Entry
from sla.models import Breach, Escalation
from sla.tasks import sweep
from tests.firm import address_change
from tests.races import at_once, needs_row_locks
from tests.sla.test_clocks import DUE, RED, YELLOW

pytestmark = needs_row_locks
ORDERS = 8


def test_two_sweepers_turn_every_clock_once(firm, now):
    for number in range(ORDERS):
        address_change(firm, now, key=f"key-{number}")
    turned = at_once([lambda: sweep(RED)] * 3)
    assert sum(turned) == ORDERS
    assert Entry.objects.filter(fact="sla.clock.turned").count() == ORDERS
    late = DUE + timedelta(minutes=1)
    assert sum(at_once([lambda: sweep(late)] * 3)) == ORDERS
    assert Breach.objects.count() == ORDERS
    assert Escalation.objects.count() == 3 * ORDERS  # tiers 1, 2 and 3
    assert Entry.objects.filter(fact="sla.escalation.raised").count() == 3 * ORDERS


def test_two_sweepers_tell_the_next_tier_of_every_clock_once(firm, now):
    for number in range(ORDERS):
        address_change(firm, now, key=f"key-{number}")
    sweep(YELLOW)
    assert sum(at_once([lambda: sweep(YELLOW + timedelta(hours=2))] * 3)) == ORDERS
    assert Escalation.objects.filter(tier=2).count() == ORDERS
    assert Entry.objects.filter(fact="sla.escalation.raised").count() == 2 * ORDERS
