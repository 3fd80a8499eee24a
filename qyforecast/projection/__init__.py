"""Population accounts: one step of a year, many years, and the coupling to the urban share."""
