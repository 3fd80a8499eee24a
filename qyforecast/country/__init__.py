"""A whole country, block by block: too many counties to hold at once."""
