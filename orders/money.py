"""Money: integer minor units and an ISO 4217 currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# Currencies whose minor unit is not a hundredth (ISO 4217); the rest have two places.
_PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}


@dataclass(frozen=True)
class Money:
    """An amount: `minor` in the currency's smallest unit."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> Money:
        """From a decimal amount. Raises ValueError for text that is no number or has too many places."""
        try:
            scaled = Decimal(amount).scaleb(places(currency))
        except InvalidOperation:
            raise ValueError(f'Expected an amount such as "1200.00", but got "{amount}".') from None
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f'Expected at most {places(currency)} decimal places for {currency}, but got "{amount}".')
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-places(self.currency))

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.{places(self.currency)}f}"


def places(currency: str) -> int:
    """How many decimal places a currency has."""
    return _PLACES.get(currency, 2)
