"""Intake's way from LMTP to the event, wired as the service wires it, without web and bus; tells its port on stdout."""

import asyncio
import signal

from dsr_intake.adapters.lmtp_wire import LmtpListener
from dsr_intake.adapters.mailboxes import LmtpAddresses, load_entries
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.arrivals import ArrivalWorker
from dsr_intake.entrypoints.lmtp import MailTaker, by_address
from dsr_intake.entrypoints.own_hosts import own_hosts
from dsr_intake.entrypoints.service import READING_CHILDREN


async def main() -> None:
    settings, stop = IntakeSettings.load(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    intake = await build(settings)
    assert settings.mailboxes_path is not None
    entries = [entry for entry in load_entries(settings.mailboxes_path) if isinstance(entry, LmtpAddresses)]
    taker = MailTaker(by_address(entries), intake.store)
    host, port = settings.lmtp_host_and_port
    async with (
        ReadingPool(READING_CHILDREN) as reader,
        LmtpListener(None, host, port).listening(taker.take, taker.refusal_of) as at,
    ):
        worker = ArrivalWorker.of(intake, reader, own_hosts(settings.mailboxes_path))
        print(at, flush=True)
        await worker.run(stop)
    await intake.database.close()


if __name__ == "__main__":
    asyncio.run(main())
