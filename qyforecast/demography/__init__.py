"""Population, rates, and the classical methods that estimate them."""
