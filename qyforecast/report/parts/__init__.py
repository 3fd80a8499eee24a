"""The parts of a briefing, each from the saved tables to paragraphs, grids and pictures."""
