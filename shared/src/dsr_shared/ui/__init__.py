"""The look that the public pages and the console share."""

from importlib.resources import files


def stylesheet() -> bytes:
    """The one stylesheet of Kuukausi, as it is served; the controller's own colour comes beside it."""
    return files("dsr_shared.ui").joinpath("kuukausi.css").read_bytes()
