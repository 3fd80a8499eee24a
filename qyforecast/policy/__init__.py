"""Scenarios run on a city's futures: compared, taken apart, and sought."""
