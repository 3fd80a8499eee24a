"""Run the command line as ``python -m qyforecast``."""

from qyforecast.cli import main

if __name__ == "__main__":
    main()
