"""`python -m tests.fuzz [--minutes N]`: coverage-guided fuzzing of the reading of a raw mail, in one process.

Each finding is written to tests/corpus/found as a mail, named after the error and its place: from then on the tests
read it with the other hostile mails. The corpus that was found to reach new code stays in .fuzz for the next run.
"""

import argparse
import hashlib
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dsr_intake", "dsr_shared"]):
    from tests.fuzz.target import check

from tests.fuzz.tokens import write_dictionary, write_seeds

PLACE = Path(".fuzz")
FOUND = Path("tests/corpus/found")
LARGEST = 16 * 1024
HANGS_SECONDS = 20


class Fuzzing:
    """Counts what was tried, and writes each kind of finding once a run."""

    def __init__(self) -> None:
        self.tried = 0
        self.kinds: set[str] = set()
        self.began = time.monotonic()

    def one(self, raw: bytes) -> None:
        self.tried += 1
        try:
            check(raw)
        except Exception as error:  # noqa: BLE001 - that any may come is what is looked for
            self._keep(raw, error)

    def _keep(self, raw: bytes, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.name}".replace("<", "").replace(">", "")
        if kind in self.kinds:
            return
        self.kinds.add(kind)
        name = f"{kind}-{hashlib.sha256(raw).hexdigest()[:8]}"
        (FOUND / f"{name}.eml").write_bytes(raw)
        print(f"found after {time.monotonic() - self.began:.0f} s: {name}", flush=True)
        traceback.print_exception(error, file=sys.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    write_seeds(PLACE / "seeds")
    write_dictionary(PLACE / "words.dict")
    (PLACE / "corpus").mkdir(exist_ok=True)
    fuzzing = Fuzzing()
    options = {
        "max_total_time": int(minutes * 60),
        "max_len": LARGEST,
        "timeout": HANGS_SECONDS,
        "rss_limit_mb": 2048,
        "dict": PLACE / "words.dict",
        "artifact_prefix": f"{FOUND}/",
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items())]
    atheris.Setup([*arguments, str(PLACE / "corpus"), str(PLACE / "seeds")], fuzzing.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
