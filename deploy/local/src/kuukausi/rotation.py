"""Rotation of the wrapping keys of a running stack: new version, living data keys re-wrapped, old version retired."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dsr_fulfilment.handlers.keys import say_irrecoverable
from dsr_shared.contracts.words import SERVICES, Service
from dsr_shared.keyring import retire, rotate
from dsr_shared.keyring_files import KeyRingError, RingFile, WatchedFile
from kuukausi.access import service_data, services_of
from kuukausi.errors import KuukausiError
from kuukausi.parts_desk import fulfilment_parts
from kuukausi.stack.layout import Layout

TOPIC_RETENTION: Final = timedelta(days=30)
"""An event stays on its topic so long; its keys are wrapped for the version that was current when it was written."""


class KeysStillNeeded(KuukausiError):
    """An old version of the wrapping keys may not be deleted yet."""


@dataclass(frozen=True)
class Rotation:
    """The new version, and how many data keys each service re-wrapped."""

    version: int
    rewrapped: dict[str, int]


@dataclass(frozen=True)
class RingState:
    """Of one service: the current version, and its data keys by the version that they are wrapped for."""

    service: Service
    current: int
    data_keys: dict[int, int]


async def rotate_keys(layout: Layout) -> Rotation:
    services = services_of(layout)
    try:
        version = rotate(layout.keys)
    except KeyRingError as error:
        raise _from_key_rings(error, layout) from error
    rewrapped: dict[str, int] = {}
    for service in services:
        async with service_data(layout, service) as data, data.database.across_controllers() as connection:
            rewrapped[service] = await data.keys.rewrap(connection)
    return Rotation(version, rewrapped)


async def ring_states(layout: Layout) -> list[RingState]:
    states = []
    for service in services_of(layout):
        async with service_data(layout, service) as data, data.database.across_controllers() as connection:
            counts = await data.keys.count_by_version(connection)
        by_version = dict.fromkeys(data.ring.versions, 0) | counts
        states.append(RingState(service, data.ring.current_version, by_version))
    return states


async def retire_version(layout: Layout, version: int, *, sooner: bool) -> int:
    """Delete the private keys of a version; raises KeysStillNeeded while a data key or an event may need them.

    Returns how many destroyed cases became irrecoverable by it; their evidence says so.
    """
    for state in await ring_states(layout):
        if count := state.data_keys.get(version):
            raise KeysStillNeeded(
                f"{count} data keys of {state.service} are still wrapped for version {version}",
                where=str(layout.keys),
                remedy="run `kuukausi keys rotate` once more, then retire it",
            )
        if not sooner:
            _refuse_before_retention(layout, state.service, version)
    try:
        retire(layout.keys, version)
    except KeyRingError as error:
        raise _from_key_rings(error, layout) from error
    if "fulfilment" not in services_of(layout):
        return 0
    async with fulfilment_parts(layout) as parts:
        return await say_irrecoverable(parts.tools, _oldest_key(layout))


def _oldest_key(layout: Layout) -> datetime:
    """When the oldest wrapping key was made that any service still holds."""
    return min(version.created_at for service in SERVICES for version in _ring_file(layout, service).versions)


def _ring_file(layout: Layout, service: Service) -> RingFile:
    return WatchedFile(layout.keys / f"{service}.keyring.json", RingFile, is_secret=True).content()


def _refuse_before_retention(layout: Layout, service: Service, version: int) -> None:
    """Counted from when the next version came: until then this one was wrapped for."""
    versions = _ring_file(layout, service).versions
    followed_at = min((each.created_at for each in versions if each.version > version), default=None)
    if followed_at and datetime.now(UTC) - followed_at < TOPIC_RETENTION:
        raise KeysStillNeeded(
            f"events of the last {TOPIC_RETENTION.days} days may still be wrapped for version {version}",
            where=str(layout.keys),
            remedy=f"wait until {(followed_at + TOPIC_RETENTION).date()}, or give --sooner and no replay reads them",
        )


def _from_key_rings(error: KeyRingError, layout: Layout) -> KuukausiError:
    return KuukausiError(str(error), where=str(layout.keys), remedy="see `kuukausi keys status`")
