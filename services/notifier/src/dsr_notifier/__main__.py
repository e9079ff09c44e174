"""`python -m dsr_notifier` runs the service; `migrate` prepares its database; `preview` prints a sample letter."""

import sys

from dsr_notifier.config import NotifierSettings
from dsr_notifier.entrypoints.preview import preview
from dsr_notifier.entrypoints.service import serve
from dsr_shared.entry import run_main

if __name__ == "__main__":
    arguments = sys.argv[1:]
    is_preview = arguments[:1] == ["preview"]
    sys.exit(preview(arguments[1:]) if is_preview else run_main("notifier", NotifierSettings, serve, arguments))
