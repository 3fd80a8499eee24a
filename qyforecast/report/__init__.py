"""Tables, figures and words for what a forecast found."""
