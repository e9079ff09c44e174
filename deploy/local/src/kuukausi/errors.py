"""What the command tells a person when something does not work.

KuukausiError
├── WrongUse       the command line or the configuration asks for something that cannot be
├── DemoFailed     the demo did not see what a person would have seen
└── StackError     a part of the embedded stack cannot do its work
    ├── NotDownloaded   a program is missing and could not be fetched
    ├── DidNotStart     a program ended or stayed silent while it was being started
    ├── AlreadyRuns     the stack of this name has a living supervisor
    └── NotRunning      the stack of this name has none
"""


class KuukausiError(Exception):
    """A problem with its remedy: what happened, where, and what to do next."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where:   {self.where}")
        if self.remedy:
            lines.append(f"  to do:   {self.remedy}")
        return "\n".join(lines)

    def facts(self) -> dict[str, str]:
        """The same three facts for `--json`."""
        return {"error": self.what, "where": self.where, "remedy": self.remedy}


class WrongUse(KuukausiError):
    """The command line or the configuration asks for something that cannot be."""

    exit_code = 2


class StackError(KuukausiError):
    """A part of the embedded stack cannot do its work."""


class NotDownloaded(StackError):
    """A program is missing and could not be fetched."""


class DidNotStart(StackError):
    """A program ended or stayed silent while it was being started."""


class AlreadyRuns(StackError):
    """The stack of this name has a living supervisor."""


class NotRunning(StackError):
    """The stack of this name has no living supervisor."""


class DemoFailed(KuukausiError):
    """The demo could not go on: something a person would have seen is missing."""
