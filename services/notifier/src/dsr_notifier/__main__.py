"""`python -m dsr_notifier` runs the service; `migrate` prepares its database; `preview` prints a sample letter."""

import sys

from dsr_notifier.entrypoints.preview import preview


def main(arguments: list[str]) -> int:
    match arguments:
        case ["preview", *rest]:
            return preview(rest)
        case ["migrate"]:
            from dsr_notifier.entrypoints.service import migrate_database

            return migrate_database()
        case []:
            from dsr_notifier.entrypoints.service import main as serve

            return serve()
        case _:
            sys.stderr.write("usage: python -m dsr_notifier [migrate | preview <kind> <language> [--html]]\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
