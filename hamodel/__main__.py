"""`python -m hamodel` is the command `hamodel`, for environments whose scripts are not on the path."""

from hamodel.cli import main

if __name__ == "__main__":
    main()
