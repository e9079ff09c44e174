"""The console's words for the vocabulary of the wire and the lifecycle."""

from collections.abc import Sequence
from typing import Final

from dsr_fulfilment.adapters.work import TaskKind
from dsr_fulfilment.domain.lifecycle import State
from dsr_shared.contracts.words import Channel, Language, LetterKind, Outcome, Right

RIGHT_ORDER: Final[tuple[Right, ...]] = (
    "marketing_opt_out",
    "consent_withdrawal",
    "access",
    "portability",
    "rectification",
    "completion",
    "restriction",
    "objection",
    "erasure",
)
ORDERS: Final[dict[Right, str]] = {
    "marketing_opt_out": "stop marketing",
    "consent_withdrawal": "end the consent",
    "access": "send a copy of the data",
    "portability": "hand the data over in a file",
    "rectification": "correct the data",
    "completion": "complete the data",
    "restriction": "restrict the use",
    "objection": "weigh the objection",
    "erasure": "erase the data",
}
RIGHT_NAMES: Final[dict[Right, tuple[str, str]]] = {
    "access": ("Copy of data", "Article 15"),
    "rectification": ("Correction", "Article 16"),
    "completion": ("Completion", "Article 16"),
    "erasure": ("Erasure", "Article 17"),
    "restriction": ("Restriction", "Article 18"),
    "portability": ("Data in a file", "Article 20"),
    "objection": ("Objection", "Article 21(1)"),
    "marketing_opt_out": ("Stop marketing", "Article 21(2)"),
    "consent_withdrawal": ("Withdrawn consent", "Article 7(3)"),
}
CHANNELS: Final[dict[Channel, str]] = {
    "mail": "e-mail",
    "form": "web form",
    "api": "interface",
    "letter": "letter",
    "visit": "visit",
    "phone": "phone",
}
LANGUAGES: Final[dict[Language, str]] = {"fi": "Finnish", "sv": "Swedish", "en": "English"}
LETTERS: Final[dict[LetterKind, str]] = {
    "challenge": "Show that the request is yours",
    "acknowledgement": "We have your request",
    "identity_question": "We need to know who you are",
    "download_code": "Your code",
    "access_reply": "Your copy is ready",
    "erasure_reply": "What we erased and what we keep",
    "confirmation": "What we did",
    "nothing_found": "We found nothing on you",
    "not_identified": "We can’t identify you",
    "reminder": "Reminder",
    "extension": "We need more time",
    "refusal": "We can’t do this",
    "breach_notice": "Your data in a breach",
}
LETTER_STATES: Final = {"requested": "On its way", "accepted": "Delivered", "failed": "Did not arrive"}
OUTCOMES: Final[dict[Outcome, str]] = {
    "found": "Found",
    "nothing_found": "Nothing found",
    "erased": "Erased",
    "kept": "Kept",
    "failed": "Failed",
    "unknown": "Not known yet",
    "not_searched": "Not searched",
}
STATES: Final[dict[State, str]] = {
    "received": "being looked up",
    "awaiting_rights": "waiting for you to say what is asked",
    "identifying": "waiting for the person to open a link; the clock runs on",
    "awaiting_identity": "waiting for you to decide who it is",
    "gathering": "the data are being gathered",
    "awaiting_paper": "waiting for you to search on paper",
    "awaiting_decision": "waiting for your decision",
    "answering": "the answer is on its way",
    "answered": "answered; the next step follows by itself",
    "planning": "the erasure plan is being made",
    "awaiting_approval": "waiting for you to approve the plan",
    "erasing": "being erased",
    "awaiting_destruction": "waiting for you to destroy paper",
    "closing": "waiting for the last letter",
    "refusing": "the refusal is on its way",
    "closed": "closed",
    "refused": "refused",
    "withdrawn": "closed, because the person took it back",
    "destroyed": "closed, and its keys are destroyed",
}
NEXT_BUTTONS: Final[dict[State, str]] = {
    "awaiting_rights": "Read the message",
    "awaiting_identity": "Decide who it is",
    "awaiting_paper": "Search on paper",
    "awaiting_decision": "Write the decision",
    "awaiting_approval": "Approve the plan",
    "awaiting_destruction": "Destroy on paper",
}
TASKS: Final[dict[TaskKind, str]] = {
    "confirm_rights": "Say what is asked",
    "identify": "Decide who it is",
    "search_paper": "Search",
    "approve_plan": "Approve the erasure plan",
    "destroy_paper": "Destroy what was found in",
    "decide": "Decide, and write what was done",
    "letter_failed": "A letter did not arrive: reach the person another way",
    "post_letter": "Print a letter and bring it to the post",
    "unreadable": "Read what our software could not",
    "needs_person": "Look at the case",
}
NEEDS: Final[dict[str, str]] = {
    "rights_unclear": "We could not tell what is asked.",
    "unreadable": "Our software could not read what came.",
    "unplaced": "We could not tell what this message belongs to.",
    "breach_report": "Somebody reports a breach.",
    "no_address": "There is no e-mail address to prove.",
    "changed_copy": "A message came twice under one identification, with another text the second time.",
    "withdrawn": "The person took the request back. Nothing more is erased.",
    "sign_in_unknown": "Somebody signed in whom no system knows.",
    "sign_in_differs": "Somebody signed in who is not the one that the request means.",
    "sign_in_doubt": "The person signed in, but something else is in doubt.",
    "extension_too_late": "The notice about more time went out too late, so the first due date stands.",
}
WHY_IDENTITY: Final[dict[str, str]] = {
    "address_set": "You gave another address: a link there shows only that the address is theirs.",
    "no_address": "No e-mail address came with the request.",
    "organisation": "Somebody asks for a company or association. Check in the trade register or with the company that "
    "they may; all of its contact persons are searched.",
    "sign_in_unknown": "Somebody who holds the link of this case signed in, and no system knows them. Who it was "
    "stands with name and address.",
    "sign_in_differs": "Somebody who holds the link of this case signed in. They are not, or not only, the one that "
    "the request means. Who it was stands with name and address.",
    "sign_in_doubt": "Somebody who holds the link of this case signed in, but the request is for another, may mean "
    "several people, or names another address than the one on file. Who it was stands with name and address.",
}
REASONS: Final[dict[str, str]] = {
    "person_not_identified": "Nobody could tell who the person is",
    "not_carried_over": "The reason was written before reasons were sealed, and was not carried over",
    "other": "The reason was typed, and can’t be read any more",
    "no_marketing_here": "No marketing is sent from here",
    "done_by_hand": "Done by hand; the answer says what",
}
FAILURES: Final[dict[str, str]] = {
    "rejected": "the mail server refused it",
    "invalid_address": "nothing can be sent to this address",
    "daily_limit": "this address had three letters of the machine that day",
    "gave_up": "no mail server took it for three days",
    "unknown_twice": "twice it stayed unknown whether it was taken",
    "bounced": "it was sent and came back",
    "unknown_controller": "the register of the company was not there",
    "no_such_address": "there is no such address",
    "mailbox_full": "the mailbox is full",
    "mailbox_closed": "the mailbox takes no mail",
    "unreachable": "the mail server there can’t be reached",
    "refused": "the mail server there refused it",
}
VERIFIED_BY_DOCUMENT: Final = "document:"
VERIFIED: Final[dict[str, str]] = {
    "challenge_on_file": "The link sent to the address in your register was opened.",
    "sign_in": "The person signed in at the provider that your register names; the answer goes to the address on file.",
    "challenge_address": "The link sent to the address of the request was opened; no system knows the person.",
}


def headline(rights: Sequence[Right]) -> str:
    """What is asked, as one sentence: Send a copy of the data, then erase the data."""
    orders = [ORDERS[right] for right in RIGHT_ORDER if right in rights]
    if not orders:
        return "Read the message and say what is asked"
    text = ", then ".join(orders).replace("of the data, then erase the data", "of the data, then erase them")
    return text[0].upper() + text[1:]


def need_text(code: str) -> str:
    """Why a person must look, from the code beside the case."""
    kind, _, about = code.partition(":")
    if kind == "letter_failed":
        return f"The letter “{dict(LETTERS).get(about, about)}” did not arrive."  # type: ignore[call-overload]
    if kind == "dead_letter":
        return f"A message inside our software could not be taken by {about}. See `kuukausi dead-letters list`."
    return NEEDS.get(kind) or code.replace("_", " ").capitalize() + "."


def reason_text(reason: str | None) -> str:
    """Why a system was not searched, or why something was kept: a code of ours in words, or what a person typed."""
    return REASONS.get(reason or "", reason or "")


def failure_text(reason: str | None, cause: str | None = None) -> str:
    """Why a letter did not arrive; `cause` is what the report of a bounce says."""
    texts = [FAILURES[code] for code in (reason, cause) if code in FAILURES]
    return ": ".join(texts) or "no reason given"


def reminder_text(code: str) -> str | None:
    """What a reminder or the machine says that became a task."""
    kind = code.partition(":")[0]
    return {
        "due_in_3": "Three working days are left.",
        "due_in_1": "One working day is left.",
        "due_today": "The answer is due today, until midnight.",
        "overdue": "The due date has passed.",
        "message": "Read what came later.",
        "withdrawn": "The person took the request back: close it, or write why it goes on.",
        "receipt_corrected": "It came earlier than we knew: check whether the notice about more time was in time.",
        "opt_out": "Stop marketing by hand where no program can: the opt-out does not wait for the rest.",
    }.get(kind)
