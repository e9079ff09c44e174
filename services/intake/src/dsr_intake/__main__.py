"""`python -m dsr_intake` runs the service; `python -m dsr_intake migrate` brings its database up to date."""

import sys

from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.service import serve
from dsr_shared.entry import run_main

if __name__ == "__main__":
    sys.exit(run_main("intake", IntakeSettings, serve, sys.argv[1:]))
