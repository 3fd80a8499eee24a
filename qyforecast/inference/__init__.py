"""Learning the urbanization model from a panel, and drawing its futures."""
