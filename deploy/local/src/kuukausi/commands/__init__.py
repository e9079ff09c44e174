"""The commands of `kuukausi`, a module for each family; `cli.py` finds them."""
