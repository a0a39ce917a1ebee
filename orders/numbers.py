"""Order numbers: `TL-` + eight random Crockford base-32 characters + one check character.

The check character is the value modulo 37 (Crockford's scheme), so one wrong or two swapped characters are noticed.
Five of the 37 would be signs that are awkward in addresses and on the phone: such numbers are not given.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_FORM = re.compile(r"TL-?([0-9A-HJKMNP-TV-Z]{8})-?([0-9A-HJKMNP-TV-Z])")


def new_number() -> str:
    """A number that nobody can guess: eight random characters, 39.8 bits."""
    while True:
        number = with_check("".join(secrets.choice(ALPHABET) for _ in range(8)))
        if number is not None:
            return number


def with_check(body: str) -> str | None:
    """The full number for eight characters, or None for those whose check character would be a sign."""
    check = _check_character(body)
    return f"TL-{body}-{check}" if check else None


def read_number(text: str) -> str | None:
    """What a person typed as the number in its one form, or None when it cannot be an order number.

    Lower case, missing hyphens and the look-alikes O, I and L are understood.
    """
    typed = "".join(text.upper().split())
    body = typed.removeprefix("TL").lstrip("-")
    match = _FORM.fullmatch("TL-" + body.translate(_LOOKALIKES))
    if match is None or _check_character(match[1]) != match[2]:
        return None
    return with_check(match[1])


def _check_character(body: str) -> str:
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    return ALPHABET[value % 37] if value % 37 < len(ALPHABET) else ""
