"""Judging forecasts: simple methods beside the model, and how others fared."""
