"""The page: a document as one HTML file that asks nothing of any other machine."""
