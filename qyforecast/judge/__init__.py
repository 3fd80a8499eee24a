"""How well the forecasts have done, and beside what."""
