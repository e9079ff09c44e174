"""`python -m kuukausi`: the same as the installed command."""

from kuukausi.cli import main

if __name__ == "__main__":
    main()
