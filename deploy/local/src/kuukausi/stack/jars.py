"""The Java programs of the stack: which jars, their hashes, and how they come into the cache.

`jars.lock.json` names every jar with its SHA-256, so that nothing is resolved on a user's machine: a start that finds
all jars in the cache asks no network, and a jar that is not what was locked is refused. The lock is written by
`python -m kuukausi.stack.jars`, which resolves the two programs anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import Artifact, MavenContext
from jgo.parse import Endpoint

from kuukausi.errors import NotDownloaded

KAFKA: Final = "org.apache.kafka:kafka_2.13:4.4.0+org.slf4j:slf4j-simple:1.7.36"
"""With the logging that Kafka leaves to whoever starts it: its \"started\" line is how we know that it serves."""
GREENMAIL: Final = "com.icegreen:greenmail-standalone:2.1.8"
_LOCK: Final = "jars.lock.json"
_AT_ONCE: Final = 6
_TIMEOUT_SECONDS: Final = 30

Progress = Callable[[int, int, str], None]
"""Called with (jars at hand, jars in all, name of the newest)."""


@dataclass(frozen=True)
class Jar:
    """One jar of a program: its coordinates, its size in bytes and its SHA-256."""

    group: str
    artifact: str
    version: str
    classifier: str
    size: int
    sha256: str


def locked(program: str) -> tuple[Jar, ...]:
    """The jars of a program, by its Maven coordinates."""
    lock = json.loads(files("kuukausi.stack").joinpath(_LOCK).read_text())
    return tuple(Jar(**jar) for jar in lock[program])


def classpath(program: str, cache: Path, *, progress: Progress | None = None, offline: bool = False) -> list[Path]:
    """Have every jar of the program in the cache and return their paths; raises NotDownloaded."""
    jars = locked(program)
    context = _context(cache)
    missing = [jar for jar in jars if not _is_in_cache(context, jar)]
    if missing and offline:
        raise _not_downloaded(f"{len(missing)} of {len(jars)} jars of {program} are not in the cache", cache)
    _fetch_all(context, missing, len(jars), progress)
    return [_path(context, jar) for jar in jars]


def _context(cache: Path) -> MavenContext:
    remote = {"central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=cache / "jars", remote_repos=remote, timeout=_TIMEOUT_SECONDS)


def _artifact(context: MavenContext, jar: Jar) -> Artifact:
    return context.project(jar.group, jar.artifact).at_version(jar.version).artifact(jar.classifier)


def _path(context: MavenContext, jar: Jar) -> Path:
    path = _artifact(context, jar).cached_path
    assert path is not None
    return Path(path)


def _is_in_cache(context: MavenContext, jar: Jar) -> bool:
    """By size alone, to start fast: the hash was compared when the jar came in, before it got its name."""
    path = _path(context, jar)
    return path.is_file() and path.stat().st_size == jar.size


def _fetch_all(context: MavenContext, jars: list[Jar], total: int, progress: Progress | None) -> None:
    at_hand = total - len(jars)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for jar in pool.map(lambda jar: _fetch(context, jar), jars):
            at_hand += 1
            if progress:
                progress(at_hand, total, jar.artifact)


def _fetch(context: MavenContext, jar: Jar) -> Jar:
    """Download into a directory of its own, compare, and only then give the jar its place in the cache."""
    path = _path(context, jar)
    arriving = context.repo_cache / "arriving" / jar.sha256
    staging = MavenContext(repo_cache=arriving, remote_repos=context.remote_repos, timeout=context.timeout)
    staged = _path(staging, jar)
    staged.unlink(missing_ok=True)
    try:
        _artifact(staging, jar).resolve()
    except (OSError, RuntimeError) as error:  # jgo says RuntimeError when no repository has it; requests' are OSErrors
        raise _not_downloaded(
            f"{jar.artifact} {jar.version} could not be downloaded: {_reason(error)}", path
        ) from error
    if _sha256(staged) != jar.sha256:
        staged.unlink()
        raise _not_downloaded(
            f"{jar.artifact} {jar.version} is not the file that was locked: its SHA-256 differs", path
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(path)
    return jar


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}" if isinstance(error, OSError) else "no repository has it"


def _not_downloaded(what: str, where: Path) -> NotDownloaded:
    remedy = "connect this machine to the Internet for the first start (about 60 MB); later starts need no network"
    return NotDownloaded(what, where=str(where), remedy=remedy)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def resolve(program: str, cache: Path) -> Iterable[Jar]:
    """Ask the repository for all that a program needs, and hash it."""
    context = _context(cache)
    wanted = [context.create_dependency(coordinate) for coordinate in Endpoint.parse(program).coordinates]
    inputs, transitive = context.resolver.resolve(wanted)
    needed = [*inputs, *(one for one in transitive if one.scope in ("compile", "runtime"))]
    for artifact in (one.artifact for one in needed):
        path = Path(artifact.resolve())
        coordinates = (artifact.groupId, artifact.artifactId, artifact.version, artifact.classifier)
        yield Jar(*coordinates, size=path.stat().st_size, sha256=_sha256(path))


def main() -> None:
    """Resolve both programs and write the lock into the source tree."""
    from kuukausi.stack.places import cache_directory

    lock = {name: [asdict(jar) for jar in resolve(name, cache_directory())] for name in (KAFKA, GREENMAIL)}
    Path(__file__).with_name(_LOCK).write_text(json.dumps(lock, indent=1) + "\n")


if __name__ == "__main__":
    main()
