"""Signals of the analog line."""
