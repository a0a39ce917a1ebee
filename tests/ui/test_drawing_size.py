"""How small a drawing is shown: never so small that its words cannot be read."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from ui.templatetags.ui import least_width

DRAWN = mark_safe(
    '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 900 80" width="900.5" height="80">'
)


def test_the_least_width_is_a_part_of_the_drawings_own() -> None:
    assert least_width(DRAWN) == 630
    assert least_width("") == 0


def test_the_box_holds_the_drawing_and_its_least_width() -> None:
    box = render_to_string("ui/process_svg.html", {"diagram": DRAWN, "label": "Process", "style": "brief"})
    assert 'class="card-b diagram-box brief" role="region" tabindex="0" aria-label="Process"' in box
    assert '<svg class="diagram-least" width="630" height="0" aria-hidden="true">' in box
    assert DRAWN in box
