"""The parts behind `calendars.rules`: the calendar as a value, and its index by year. Imports nothing of Django."""
