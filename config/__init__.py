"""Settings, addresses and wiring: what is connected to what. No behaviour lives here."""
