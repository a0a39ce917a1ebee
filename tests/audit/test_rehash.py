"""The second reading of the ledger: its own canonical JSON agrees with the library that the first one uses."""

import json

import pytest
import rfc8785

from audit.rehash import canonical

VALUES = [
    None, True, False, 0, -1, 2**53 - 1, "", "中", "\u20ac$\u000f\nA'B\"\\\\\"/", "\x7f\x80\u2028", "😀",
    0.0, -0.0, 1.0, 1.5, -2.25, 0.1, 1e-6, 1e-7, 1.5e-7, 123456.789e-12, 1e20, 1e21, 1.5e21, 123456789012345680000.0,
    5e-324, 1.7976931348623157e308, 9007199254740993.0, 0.000001234, 1e-5, 4.35, 333333333.33333329,
    [], {}, [1, [2, {"a": [None]}]], {"b": 1, "a": {"d": 2, "c": 3}},
    {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, "\u00f6": 7},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: json.dumps(value)[:40])
def test_canonical_json_is_that_of_rfc_8785(value):
    assert canonical(value).encode() == rfc8785.dumps(value)
