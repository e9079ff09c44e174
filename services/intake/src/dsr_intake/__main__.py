"""`python -m dsr_intake` runs the service; `python -m dsr_intake migrate` prepares its database."""

import sys


def main(arguments: list[str]) -> int:
    from dsr_intake.entrypoints import service

    match arguments:
        case []:
            return service.main()
        case ["migrate"]:
            return service.migrate_database()
        case _:
            sys.stderr.write("usage: python -m dsr_intake [migrate]\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
