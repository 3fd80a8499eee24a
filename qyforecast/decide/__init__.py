"""Targets, and the comparison of scenarios on the same draws."""
