"""From files to checked tables, and what they say as of a year."""
