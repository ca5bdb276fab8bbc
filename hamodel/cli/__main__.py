"""`python -m hamodel.cli` is the same program."""

from hamodel.cli import main

if __name__ == "__main__":
    main()
