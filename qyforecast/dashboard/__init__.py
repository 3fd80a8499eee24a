"""The app: a lever is moved, and the probability moves. It asks; other parts compute."""
