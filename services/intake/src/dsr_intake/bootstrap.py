"""The one place where intake's parts are put together."""

from dataclasses import dataclass

from dsr_intake.adapters.api_keys import ApiKeys
from dsr_intake.adapters.arrival_store import SqlArrivalStore
from dsr_intake.adapters.client_keys import ClientKeyFiles
from dsr_intake.adapters.controller_book import ControllerBook
from dsr_intake.adapters.form_seal import FormSeal
from dsr_intake.adapters.notice_book import NoticeBook
from dsr_intake.adapters.openid import OpenIdProvider, SignInSecrets
from dsr_intake.adapters.unsubscribe_token import UnsubscribeTokens
from dsr_intake.adapters.visits import Visit, VisitCounter
from dsr_intake.config import IntakeSettings
from dsr_intake.handlers.api_requests import ApiRequests
from dsr_intake.handlers.case_events import CaseEvents
from dsr_intake.handlers.copies import Receipts
from dsr_intake.handlers.form_desk import FormDesk
from dsr_intake.handlers.form_files import FormFiles
from dsr_intake.handlers.links import Links
from dsr_intake.handlers.mail_files import MailFiles
from dsr_intake.handlers.read_arrival import ReadArrival
from dsr_intake.handlers.sign_in import SignIns
from dsr_intake.handlers.status_desk import StatusDesk
from dsr_intake.handlers.submit_form import SubmitForms, SubmitWithFiles
from dsr_intake.handlers.unsubscribe import Unsubscribe
from dsr_shared.blobs import BlobStore, DirectoryBlobStore
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that the entrypoints use."""

    settings: IntakeSettings
    database: Database
    ring: KeyRing
    keys: CaseKeys
    blobs: BlobStore
    outbox: Outbox
    book: ControllerBook
    notices: NoticeBook
    store: SqlArrivalStore
    read_arrival: ReadArrival
    events: CaseEvents
    seal: FormSeal
    submit: FormDesk
    submit_with_files: SubmitWithFiles
    files: FormFiles
    links: Links
    sign_ins: SignIns
    status: StatusDesk
    visits: VisitCounter
    api_keys: ApiKeys
    api: ApiRequests
    tokens: UnsubscribeTokens
    unsubscribe: Unsubscribe


async def build(settings: IntakeSettings) -> Intake:
    """Wire the parts. Nothing needs to be up yet but the files of settings and keys."""
    database = await Database.connect(settings.database_url.get_secret_value())
    ring = KeyRing.load(settings.keyring_path)
    keys = CaseKeys(ring, PublicKeys.load(settings.public_keys_path))
    blobs = DirectoryBlobStore(settings.blob_directory)
    outbox = Outbox("intake")
    files = FormFiles(database, blobs)
    submit = SubmitForms(keys, ring, outbox, files, requests_a_day=settings.requests_a_day)
    book = ControllerBook(database)
    desk, submit_with_files = FormDesk(database, submit), SubmitWithFiles(database, submit)
    return Intake(
        settings=settings,
        database=database,
        ring=ring,
        keys=keys,
        blobs=blobs,
        outbox=outbox,
        book=book,
        notices=NoticeBook(database),
        store=SqlArrivalStore(database, keys, blobs, Receipts(outbox).correct),
        read_arrival=ReadArrival(keys, ring, outbox, MailFiles(blobs), requests_a_day=settings.requests_a_day),
        events=CaseEvents(keys, blobs, outbox, files),
        seal=FormSeal(ring),
        submit=desk,
        submit_with_files=submit_with_files,
        files=files,
        links=Links(database, outbox, blobs),
        sign_ins=SignIns(database, keys, outbox, _provider(settings), settings.public_url),
        status=StatusDesk(database, keys, ring, outbox, files),
        visits=VisitCounter(database, ring, _limits(settings)),
        api_keys=ApiKeys(database),
        api=ApiRequests(database, ring, desk, submit_with_files),
        tokens=UnsubscribeTokens(ring),
        unsubscribe=Unsubscribe(ring, desk),
    )


def _provider(settings: IntakeSettings) -> OpenIdProvider:
    """A provider without HTTPS is one on this machine, and only where our own pages have none either."""
    directory, is_https = settings.sign_in_secrets_directory, settings.public_url.startswith("https://")
    return OpenIdProvider(SignInSecrets(directory), ClientKeyFiles(directory), may_be_local=not is_https)


def _limits(settings: IntakeSettings) -> dict[Visit, int]:
    """What one network address, or one key of the API, may do in an hour."""
    return {
        "form": settings.form_posts_an_hour,
        "link": settings.link_tries_an_hour,
        "file": settings.form_posts_an_hour,
        "api": settings.api_calls_an_hour,
    }
