"""The five SLA bands as a page shows them: a style, a glyph and a word. Which band holds is decided elsewhere."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Band:
    """How one band looks: `style` is the CSS class and the glyph's name, `word` its name in words."""

    style: str
    word: str | Promise


BANDS: dict[str, Band] = {
    "green": Band("ok", _("On track")),
    "yellow": Band("warn", _("At risk")),
    "red": Band("crit", pgettext_lazy("service level", "Critical")),
    "breached": Band("breach", _("Breached")),
    "paused": Band("hold", _("Paused")),
}


def band(key: str) -> Band:
    """The look of a band by its key (green, yellow, red, breached, paused). Raises KeyError for any other."""
    return BANDS[key]


def band_words() -> dict[str, str]:
    """The bands' names in the active language, by key."""
    return {key: str(look.word) for key, look in BANDS.items()}
