"""Levers, and the scenario files that pull them."""
