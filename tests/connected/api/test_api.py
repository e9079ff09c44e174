"""A program hands in requests with a company's key: stored like forms, once, and told in plain words what is wrong."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from dsr_intake.adapters.texts import load_texts
from dsr_intake.bootstrap import Intake
from dsr_shared.contracts.base import SealedV1, WrappedKeyV1
from dsr_shared.contracts.requests import RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import SealContext, open_model, open_sealed

pytestmark = pytest.mark.connected
REQUESTS = "/esimerkki/api/v1/requests"
BODY = {"rights": ["access", "erasure"], "name": "Aino Esimerkki", "email": "aino@posti.example", "language": "sv"}


async def told(intake: Intake) -> list[dict[str, Any]]:
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox where event_type = 'request_received'")
    return [json.loads(row["payload"]) for row in rows]


def assert_problem(answer: httpx.Response, status: int, what: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:kuukausi:problem:{what}"
    assert problem["status"] == status
    return problem


@pytest.mark.promise("P05")
async def test_a_request_by_program_is_told_like_one_by_form_and_fulfilment_can_read_it(
    api: httpx.AsyncClient, intake: Intake, fulfilment_keys: KeyRing
) -> None:
    answer = await api.post(REQUESTS, json=BODY | {"message": "Tack på förhand"})
    assert answer.status_code == 201
    (envelope,) = await told(intake)
    event = RequestReceivedV1.model_validate(envelope["data"])
    assert (event.channel, event.language, event.rights) == ("api", "sv", ("access", "erasure"))
    (key,) = [fulfilment_keys.unwrap(WrappedKeyV1(**key)) for key in envelope["keys"] if key["reader"] == "fulfilment"]

    ids = UUID(envelope["event_id"]), UUID(envelope["case_id"])
    person = open_model(key, event.person, SealContext(ids[0], event.TYPE, ids[1], "person"), PersonV1)
    message = open_model(key, event.message, SealContext(ids[0], event.TYPE, ids[1], "message"), MessageV1)
    assert (person.name, person.email, message.text) == ("Aino Esimerkki", "aino@posti.example", "Tack på förhand")
    async with intake.database.across_controllers() as connection:
        assert await connection.fetchval("select channel from arrivals") == "api"


async def test_the_receipt_leads_to_the_state_and_to_the_persons_page(api: httpx.AsyncClient) -> None:
    answer = await api.post(REQUESTS, json=BODY)
    receipt = answer.json()
    state = await api.get(answer.headers["location"])
    assert state.json()["stage"] == "received"
    assert state.json()["due_on"] == receipt["due_on"]
    assert set(state.json()) == {
        "reference", "stage", "rights", "received_at", "due_on", "extended_due_on", "changed_at"
    }  # fmt: skip
    page = await api.get(receipt["status_url"])
    assert page.status_code == 200


async def test_the_same_call_again_is_the_same_request_also_after_a_restart(
    api: httpx.AsyncClient, intake: Intake
) -> None:
    headers = {"idempotency-key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    answers = [await api.post(REQUESTS, json=BODY, headers=headers) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await told(intake)) == 1
    assert_problem(
        await api.post(REQUESTS, json=BODY | {"name": "Toinen"}, headers=headers), 422, "idempotency-key-reused"
    )
    assert len(await told(intake)) == 1
    async with intake.database.across_controllers() as connection:
        await connection.execute("update api_calls set called_at = now() - interval '25 hours'")
    later = await api.post(REQUESTS, json=BODY | {"name": "Toinen"}, headers=headers)
    assert later.status_code == 201
    assert later.text != answers[0].text


async def test_calls_at_the_same_time_with_one_idempotency_key_are_one_request(
    api: httpx.AsyncClient, intake: Intake
) -> None:
    posts = [api.post(REQUESTS, json=BODY, headers={"idempotency-key": "sama"}) for _ in range(8)]
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["status_token"] for answer in answers}) == 1
    assert len(await told(intake)) == 1


async def test_two_keys_may_use_the_same_idempotency_key(api: httpx.AsyncClient, make_key, intake: Intake) -> None:
    other = {"authorization": f"Bearer {(await make_key(name='verkkokauppa')).text}", "idempotency-key": "1"}
    await api.post(REQUESTS, json=BODY, headers={"idempotency-key": "1"})
    await api.post(REQUESTS, json=BODY, headers=other)
    assert len(await told(intake)) == 2


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_what_is_wrong_is_said_by_field_in_the_persons_language(api: httpx.AsyncClient, language: str) -> None:
    body = {"rights": ["rectification"], "name": "A", "email": "ei@osoite", "language": language}
    problem = assert_problem(await api.post(REQUESTS, json=body), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {"/email", "/message"}
    assert str(load_texts(language)("error.email")) in {error["detail"] for error in problem["errors"]}


async def test_who_writes_for_another_says_for_whom(api: httpx.AsyncClient, intake: Intake) -> None:
    problem = assert_problem(await api.post(REQUESTS, json=BODY | {"whose": "other"}), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/subject_name"]
    answer = await api.post(REQUESTS, json=BODY | {"whose": "other", "subject_name": "Eino Esimerkki"})
    assert answer.status_code == 201
    (event,) = await told(intake)
    assert event["data"]["is_on_behalf"]
    assert event["data"]["needs_person"]


async def test_a_call_that_cannot_be_read_is_refused_without_repeating_what_was_sent(api: httpx.AsyncClient) -> None:
    secret = "Salainen Nimi"
    for content, status, what in (
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (json.dumps(BODY | {"hetu": secret}).encode(), 422, "invalid"),
        (json.dumps(BODY | {"rights": secret}).encode(), 422, "invalid"),
        (json.dumps(BODY | {"name": secret + "\n"}).encode(), 422, "invalid"),
        (b"[" * 5000, 400, "malformed"),
        (b'{"rights": ["access"], "name": "\\ud800", "email": "a@b.example"}', 422, "invalid"),
    ):
        answer = await api.post(REQUESTS, content=content, headers={"content-type": "application/json"})
        assert_problem(answer, status, what)
        assert secret not in answer.text
    assert_problem(await api.post(REQUESTS, data={"name": "x"}), 415, "wrong-type")
    bad = await api.post(REQUESTS, json=BODY, headers={"idempotency-key": "x" * 200})
    assert_problem(bad, 400, "malformed")


async def test_no_key_a_wrong_one_another_companys_and_an_ended_one_are_the_same_to_whoever_asks(
    api: httpx.AsyncClient, make_key, intake: Intake
) -> None:
    theirs, ended, revoked = await make_key("toinen"), await make_key(name="vanha"), await make_key(name="poissa")
    await intake.api_keys.revoke("esimerkki", revoked.prefix)
    async with intake.database.across_controllers() as connection:
        await connection.execute("update api_keys set expires_at = now() where prefix = $1", ended.prefix)
    wrong = ["", "Basic x", "Bearer x", f"Bearer kk_{ended.prefix}_{'x' * 43}"]
    wrong += [f"Bearer {key.text}" for key in (theirs, ended, revoked)]
    answers = [await api.post(REQUESTS, json=BODY, headers={"authorization": one}) for one in wrong]
    answers.append(await api.post("/kukaan/api/v1/requests", json=BODY))
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert_problem(answers[0], 401, "unauthorised")
    assert await told(intake) == []


@pytest.mark.promise("P40")
async def test_another_companys_key_sees_no_state(api: httpx.AsyncClient, make_key) -> None:
    token = (await api.post(REQUESTS, json=BODY)).json()["status_token"]
    theirs = {"authorization": f"Bearer {(await make_key('toinen')).text}"}
    assert_problem(await api.get(f"/toinen/api/v1/requests/{token}", headers=theirs), 404, "missing")
    assert_problem(await api.get(f"{REQUESTS}/{token}", headers=theirs), 401, "unauthorised")


@pytest.mark.promise("P40")
async def test_rows_of_keys_and_calls_belong_to_one_company(api: httpx.AsyncClient, intake: Intake) -> None:
    await api.post(REQUESTS, json=BODY, headers={"idempotency-key": "1"})
    for table in ("api_keys", "api_calls"):
        for controller, expected in (("esimerkki", 1), ("toinen", 0)):
            async with intake.database.transaction(controller) as connection:
                assert await connection.fetchval(f"select count(*) from {table}") == expected, table


async def test_a_key_is_kept_as_a_hash_alone(make_key, intake: Intake) -> None:
    key = await make_key()
    async with intake.database.across_controllers() as connection:
        row = await connection.fetchval("select to_jsonb(k)::text from api_keys k")
    assert key.text.rsplit("_", 1)[-1] not in row
    assert key.text not in repr(key)


async def test_limits_are_counted_in_the_database_a_key_and_an_address_each(
    api: httpx.AsyncClient, intake: Intake
) -> None:
    async with intake.database.across_controllers() as connection:
        await api.get(f"{REQUESTS}/{'x' * 43}")
        await connection.execute("update visits set count = 1000 where what = 'api'")
    problem = await api.post(REQUESTS, json=BODY)
    assert_problem(problem, 429, "too-many")
    assert 0 < int(problem.headers["retry-after"]) <= 3600
    wrong = [await api.post(REQUESTS, json=BODY, headers={"authorization": "Bearer x"}) for _ in range(62)]
    assert_problem(wrong[0], 401, "unauthorised")
    assert_problem(wrong[-1], 429, "too-many")


async def test_unknown_addresses_and_methods_are_problems_too(api: httpx.AsyncClient) -> None:
    assert_problem(await api.get("/esimerkki/api/v2/requests"), 404, "missing")
    assert_problem(await api.get(f"{REQUESTS}/{'x' * 43}"), 404, "missing")
    answer = await api.delete(REQUESTS)
    assert_problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "POST"


async def test_while_the_database_is_away_nothing_is_called_received(api: httpx.AsyncClient, intake: Intake) -> None:
    await api.get(f"{REQUESTS}/{'x' * 43}")
    await intake.database.close()
    answer = await api.post(REQUESTS, json=BODY)
    assert_problem(answer, 503, "down")
    assert answer.headers["retry-after"] == "30"


PDF = ("valtakirja.pdf", b"%PDF-1.4 valtakirja", "application/pdf")


def parts(*files: tuple[str, bytes, str], **changes: object) -> dict[str, Any]:
    """The body of a call with files."""
    request = ("request", (None, json.dumps(BODY | changes), "application/json"))
    return {"files": [request, *(("files", file) for file in files)]}


async def test_files_come_with_the_request_and_fulfilment_can_open_them(
    api: httpx.AsyncClient, intake: Intake, fulfilment_keys: KeyRing
) -> None:
    text = ("../lisää.txt", "Tässä lisää".encode(), "text/html")
    answer = await api.post(REQUESTS, **parts(PDF, text))
    assert answer.status_code == 201, answer.text
    (envelope,) = await told(intake)
    event = RequestReceivedV1.model_validate(envelope["data"])
    assert [one.media_type for one in event.attachments] == ["application/pdf", "text/plain"]
    (key,) = [fulfilment_keys.unwrap(WrappedKeyV1(**key)) for key in envelope["keys"] if key["reader"] == "fulfilment"]
    case_id = UUID(envelope["case_id"])
    message = open_model(
        key, event.message, SealContext(UUID(envelope["event_id"]), event.TYPE, case_id, "message"), MessageV1
    )
    assert message.attachment_names == ("valtakirja.pdf", "lisää.txt")
    first = event.attachments[0]
    sealed = SealedV1.model_construct(key_id=key.key_id, ciphertext=await intake.blobs.get(first.blob))
    assert open_sealed(key, sealed, SealContext(first.attachment_id, "attachment", case_id, "bytes")) == PDF[1]


async def test_the_same_call_with_files_again_is_the_same_request_and_another_file_is_another_body(
    api: httpx.AsyncClient, intake: Intake
) -> None:
    headers = {"idempotency-key": "with-files-1"}
    answers = [await api.post(REQUESTS, headers=headers, **parts(PDF)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text
    assert len(await told(intake)) == 1
    other = (PDF[0], PDF[1].replace(b"v", b"w"), PDF[2])
    assert_problem(await api.post(REQUESTS, headers=headers, **parts(other)), 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("x.pdf", b"", "application/pdf"), "tom"),
        (("x.pdf", b"MZ\x90\x00", "application/pdf"), "PDF, JPEG, PNG, TXT"),
        (("x.pdf", b"%PDF-" + bytes(10 * 2**20), "application/pdf"), "10 megabyte"),
    ],
    ids=["empty", "a program", "too large"],
)
async def test_a_file_that_is_refused_refuses_the_call_and_says_why(
    api: httpx.AsyncClient, intake: Intake, file: tuple[str, bytes, str], words: str
) -> None:
    problem = assert_problem(await api.post(REQUESTS, **parts(PDF, file)), 422, "invalid")
    ((pointer, detail),) = [(one["pointer"], one["detail"]) for one in problem["errors"]]
    assert pointer == "/files"
    assert words in detail
    assert await told(intake) == []


async def test_a_form_with_parts_that_is_not_as_described_is_told_apart(api: httpx.AsyncClient) -> None:
    files_first = await api.post(REQUESTS, files=[("files", PDF)])
    assert "first part must be `request`" in assert_problem(files_first, 400, "malformed")["detail"]
    no_json = await api.post(REQUESTS, files=[("request", (None, "{", "application/json"))])
    assert_problem(no_json, 400, "malformed")
    nameless = await api.post(REQUESTS, files=[parts()["files"][0], ("files", (None, PDF[1]))])
    assert "needs a file name" in assert_problem(nameless, 400, "malformed")["detail"]
    wrong = assert_problem(await api.post(REQUESTS, **parts(PDF, email="nobody")), 422, "invalid")
    assert [one["pointer"] for one in wrong["errors"]] == ["/email"]
    broken = await api.post(REQUESTS, content=b"--x\r\n", headers={"content-type": "multipart/form-data; boundary=x"})
    assert_problem(broken, 400, "malformed")


async def test_json_alone_stays_short_though_files_may_be_long(api: httpx.AsyncClient) -> None:
    body = json.dumps(BODY | {"message": "x" * 140_000})
    assert_problem(
        await api.post(REQUESTS, content=body, headers={"content-type": "application/json"}), 413, "too-large"
    )


async def test_what_the_gate_refuses_is_a_problem_too(api: httpx.AsyncClient) -> None:
    assert_problem(await api.get(f"{REQUESTS}/{'x' * 3000}"), 414, "long-address")
    assert_problem(await api.get(REQUESTS, headers={"host": "elsewhere.example"}), 421, "other-name")
    large = {"content-length": str(2**30), "content-type": "application/json"}
    assert_problem(await api.post(REQUESTS, content=b"{}", headers=large), 413, "too-large")
