"""`python -m dsr_fulfilment` runs the service; `python -m dsr_fulfilment migrate` brings its database up to date."""

import sys

from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.service import serve
from dsr_shared.entry import run_main

if __name__ == "__main__":
    sys.exit(run_main("fulfilment", FulfilmentSettings, serve, sys.argv[1:]))
