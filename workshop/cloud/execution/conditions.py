"""What can be made harder for functions while the cloud runs, so that a first call costs more as it does on AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Conditions:
    """Apply to environments made from now on."""

    network_delay_ms: float = 0.0
    """What a round trip between a function and the cloud takes beyond the loopback's."""
    cold_pages: bool = False
    """Whether code, layers and runtime are put out of the page cache before each INIT."""

    def change(self, wishes: dict[str, Any]) -> None:
        """Set the conditions that are named. Raises ValueError, and sets nothing, for what cannot be."""
        for name, value in wishes.items():
            match name, value:
                case "network_delay_ms", int() | float() if not isinstance(value, bool) and 0 <= value <= 10_000:
                    pass
                case "cold_pages", bool():
                    pass
                case _:
                    raise ValueError(
                        f"{name} cannot be {value!r}: there are network_delay_ms (0 to 10000) and cold_pages"
                    )
        for name, value in wishes.items():
            setattr(self, name, value)
