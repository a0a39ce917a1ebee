"""Telling people: the in-app inbox and e-mail. Decides nothing about what is late."""
