"""Lets ``python -m gamelab`` run the command line."""

from gamelab.cli import main

if __name__ == "__main__":
    main()
