"""Mail that a server in front hands over is stored and committed before it is told 250; else that server keeps it."""

import asyncio
import socket
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.connected.lmtp.conftest import Front
from tests.connected.lmtp.hand_over import OWN_HOST, SENDER, a_mail, hand_over

from dsr_intake.adapters import lmtp_wire
from dsr_intake.adapters.lmtp_wire import LmtpListener, LmtpSocketError, Transaction
from dsr_intake.entrypoints.lmtp import MailTaker, serve_lmtp

pytestmark = pytest.mark.connected
TO = "tietosuoja@esimerkki.example"
RECEIVED = "2026-02-01T21:30:00+00:00"


def traced(raw: bytes, *recipients: str, sender: str = SENDER) -> bytes:
    delivered = "".join(f"Delivered-To: {recipient}\r\n" for recipient in recipients or (TO,))
    return f"Return-Path: <{sender}>\r\n{delivered}".encode() + raw


@pytest.mark.promise("P05")
@pytest.mark.parametrize("way", ["unix", "tcp"])
async def test_a_mail_is_stored_sealed_with_our_servers_stamp_as_receipt(
    front: Front, tmp_path: Path, way: str
) -> None:
    async with front.listening(tmp_path / "lmtp.sock" if way == "unix" else None) as where:
        assert await hand_over(where, [TO], a_mail()) == [250]
    assert await front.arrivals() == [(traced(a_mail()), RECEIVED)]
    assert front.counted == ["stored"]


async def test_an_address_with_a_plus_part_and_capital_letters_is_the_same_address(front: Front) -> None:
    recipient = "TietoSuoja+K-2026-0001@Esimerkki.example"
    async with front.listening() as where:
        assert await hand_over(where, [recipient], a_mail()) == [250]
    ((raw, _),) = await front.arrivals()
    assert raw == traced(a_mail(), recipient), "the plus-part is kept: it may name a case"


async def test_each_controller_gets_its_own_arrival_and_unknown_recipients_are_refused_by_themselves(
    front: Front,
) -> None:
    recipients = [TO, "nobody@esimerkki.example", "privacy@esimerkki.example", "tietosuoja@toinen.example"]
    async with front.listening() as where:
        assert await hand_over(where, recipients, a_mail()) == [550, 250, 250, 250]
    assert await front.arrivals() == [(traced(a_mail(), TO, recipients[2]), RECEIVED)]
    assert await front.arrivals("toinen") == [(traced(a_mail(), recipients[3]), RECEIVED)]
    assert sorted(front.counted) == ["stored", "stored", "unknown_recipient"]


async def test_while_the_database_is_away_the_server_in_front_is_told_to_come_again(front: Front) -> None:
    async with front.listening() as where:
        front.gate.shut()
        assert await hand_over(where, [TO, "tietosuoja@toinen.example"], a_mail()) == [451, 451]
        await front.gate.open()
        assert await hand_over(where, [TO], a_mail()) == [250]
    assert len(await front.arrivals()) == 1
    assert await front.arrivals("toinen") == []


async def test_a_mail_whose_answer_was_lost_comes_again_and_is_one_arrival(front: Front) -> None:
    async with front.listening() as where:
        assert await hand_over(where, [TO], a_mail()) == [250]
        assert await hand_over(where, [TO], a_mail()) == [250]
    assert len(await front.arrivals()) == 1


async def test_every_byte_is_kept_dots_long_lines_and_bare_line_ends_too(front: Front) -> None:
    odd = a_mail(body="..two dots\r\n.\n.\r\r\nlone\rreturn\r\n" + "x" * 1_200_000 + "\r\n.x\0\xe4")
    async with front.listening() as where:
        assert await hand_over(where, [TO], odd) == [250]
    ((raw, _),) = await front.arrivals()
    assert raw == traced(odd)


async def test_a_bounce_keeps_its_empty_sender(front: Front) -> None:
    async with front.listening() as where:
        assert await hand_over(where, [TO], a_mail(), sender="") == [250]
    ((raw, _),) = await front.arrivals()
    assert raw == traced(a_mail(), sender="")


async def test_an_oversize_mail_is_refused_at_once_where_its_size_is_told_and_else_after_it(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp_wire, "MAX_MAIL_BYTES", 3000)
    large = a_mail(body="\r\n".join(["x" * 70] * 100))
    async with front.listening() as where:
        assert await hand_over(where, [TO], large, options=[f"SIZE={len(large)}"]) == [552]
        recipients = [TO, "tietosuoja@toinen.example"]
        assert await hand_over(where, recipients, large) == [552, 552]
        assert await hand_over(where, [TO], a_mail()) == [250], "the next mail is taken"
    assert len(await front.arrivals()) == 1


async def test_a_mail_without_our_servers_stamp_counts_from_now(front: Front) -> None:
    forged = a_mail().replace(OWN_HOST.encode(), b"mx.foreign.example")
    async with front.listening() as where:
        assert await hand_over(where, [TO], forged) == [250]
    ((_, received),) = await front.arrivals()
    assert received > RECEIVED


async def test_what_goes_wrong_in_a_command_is_answered_without_the_mails_words(front: Front) -> None:
    async with front.listening() as where:
        reader, writer = await asyncio.open_connection("127.0.0.1", where)
        for line in ("LHLO x", "DATA", "MAIL FROM:<a@b.example> BODY=odd", "EHLO x", "RCPT TO:<a@b.example>"):
            writer.write(line.encode() + b"\r\n")
        writer.write(b"QUIT\r\n")
        answers = (await reader.read()).decode()
        writer.close()
    assert "250-PIPELINING\r\n250 ENHANCEDSTATUSCODES" in answers
    assert "503 5.5.1 no recipient was taken" in answers
    assert 'command "EHLO" not recognized' in answers


async def test_a_mail_that_finds_no_turn_is_told_to_come_again_and_taken_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp_wire.LmtpConnection, "room_seconds", 0.05)
    storing, may_end = asyncio.Semaphore(0), asyncio.Event()

    async def take(transaction: Transaction) -> dict[str, str]:
        storing.release()
        await may_end.wait()
        return dict.fromkeys(transaction.recipients, "250 2.1.5 stored")

    path = str(tmp_path / "lmtp.sock")
    async with LmtpListener(tmp_path / "lmtp.sock").listening(take, lambda _recipient: None):
        handing = [asyncio.create_task(hand_over(path, [TO], a_mail(number))) for number in (1, 2)]
        for _ in handing:
            await storing.acquire()
        assert await hand_over(path, [TO], a_mail(3)) == [451]
        may_end.set()
        assert await asyncio.gather(*handing) == [[250], [250]]
        monkeypatch.undo()
        assert await hand_over(path, [TO], a_mail(3)) == [250]


async def test_a_stop_lets_the_mail_that_is_being_stored_be_finished(tmp_path: Path) -> None:
    storing, may_end = asyncio.Event(), asyncio.Event()

    async def take(transaction: Transaction) -> dict[str, str]:
        storing.set()
        await may_end.wait()
        return dict.fromkeys(transaction.recipients, "250 2.1.5 stored")

    async with LmtpListener(tmp_path / "lmtp.sock").listening(take, lambda _recipient: None):
        handing = asyncio.create_task(hand_over(str(tmp_path / "lmtp.sock"), [TO], a_mail()))
        await storing.wait()
        asyncio.get_running_loop().call_later(0.1, may_end.set)
    assert await handing == [250]
    assert not (tmp_path / "lmtp.sock").exists()


async def test_the_socket_is_for_its_owner_and_group_and_replaces_one_that_was_left(
    front: Front, tmp_path: Path
) -> None:
    path = tmp_path / "lmtp.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    async with front.listening(path):
        assert path.stat().st_mode & 0o777 == 0o660
        with pytest.raises(LmtpSocketError, match="another program listens"):
            async with front.listening(path):
                pass
    with pytest.raises(LmtpSocketError, match="make its directory"):
        async with front.listening(tmp_path / "missing" / "lmtp.sock"):
            pass


def test_over_tcp_only_this_machine_and_named_networks_are_let_in() -> None:
    gate = lmtp_wire.Gate((ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    assert [gate.lets_in((address, 4)) for address in ("127.0.0.1", "10.1.2.3", "fd00::7", "::1")] == [True] * 4
    assert [gate.lets_in((address, 4)) for address in ("10.2.0.1", "192.0.2.1", "fe80::1%eth0")] == [False] * 3
    assert gate.lets_in("")


async def test_the_part_runs_until_it_is_stopped(front: Front, tmp_path: Path) -> None:
    stop = asyncio.Event()
    part = serve_lmtp(LmtpListener(tmp_path / "lmtp.sock"), MailTaker({}, front.intake.store))
    task = asyncio.ensure_future(part(stop))
    stop.set()
    async with asyncio.timeout(10):
        await task
