"""In which currency a workbook shows a number: by code, by sign with its country, or by a sign alone."""

from __future__ import annotations

import re
from unicodedata import category

from rulebook.amounts import CURRENCY, SIGNS

# What a format has between its digits. What is only as wide as a sign (`_€`) or fills the cell (`*-`) is not shown.
PART = re.compile(
    r'"(?P<words>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<sign>[^\]-]*)(?:-(?P<country>[^\]]*))?\]|\[[^\]]*\]|(?P<other>.)',
    re.DOTALL,
)
SIGN = re.compile(r"[A-Za-z]*\$")
# Signs of several currencies, by the countries that Excel writes behind them: hexadecimal numbers or names
COUNTRIES = {
    "$": {
        **dict.fromkeys(("409", "540a", "en-us", "es-us"), "USD"),
        **dict.fromkeys(("1009", "c0c", "en-ca", "fr-ca"), "CAD"),
        **dict.fromkeys(("c09", "en-au"), "AUD"),
        **dict.fromkeys(("1409", "en-nz"), "NZD"),
        **dict.fromkeys(("1004", "4809", "zh-sg", "en-sg"), "SGD"),
        **dict.fromkeys(("c04", "3c09", "zh-hk", "en-hk"), "HKD"),
        **dict.fromkeys(("80a", "es-mx"), "MXN"),
    },
    "¥": {**dict.fromkeys(("804", "zh-cn"), "CNY"), **dict.fromkeys(("411", "ja-jp"), "JPY")},
}
COUNTRIES["￥"] = COUNTRIES["¥"]


def other_currencies(shown: str, unit: str) -> list[str]:
    """The currencies of a number format that are not the column's, as codes where the format says which.

    unit: the column's currency, "" for none. A dollar sign alone is the column's where that counts in US dollars.
    """
    return [each for each in currencies_shown(shown) if each != unit and (each, unit) != ("$", "USD")]


def currencies_shown(shown: str) -> list[str]:
    """The currencies that a number format names, each once; a sign that several have stands for itself."""
    parts = list(PART.finditer(shown))
    signs = [(part["sign"].strip(), (part["country"] or "").lower()) for part in parts if part["sign"]]
    words = "".join(part["words"] or part["escaped"] or part["other"] or " " for part in parts)
    signs += [(sign, "") for sign in SIGN.findall(words)]
    signs += [(sign, "") for sign in words if category(sign) == "Sc" and sign != "$"]
    return list(dict.fromkeys([*CURRENCY.findall(words), *(_of_sign(*each) for each in signs)]))


def _of_sign(sign: str, country: str) -> str:
    """The code of a sign; of one that several have, by its country. With a country that is not known, as it stands."""
    if sign not in COUNTRIES:
        return SIGNS.get(sign, sign)
    known = COUNTRIES[sign].get(country if "-" in country else country[-4:].lstrip("0"))
    return known or (f"{sign}-{country}" if country else sign)
