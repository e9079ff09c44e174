"""`controllers.v1` (compacted): the versions of each controller's privacy notice. Fulfilment writes, intake reads them.

Each version has a stream (and so a Kafka key) of its own: compaction leaves all of them, the older ones stay readable.
"""

from typing import ClassVar, Literal

from pydantic import Field

from dsr_shared.contracts import controllers
from dsr_shared.contracts.base import AwareTime, Contract, Event, Sha256
from dsr_shared.contracts.words import Language


class NoticeItemV1(Contract):
    """One thing that is told, for example the legal basis of an activity."""

    id: str = Field(description="What it is, the same in every language and version")
    label: str = Field(description="What the reader sees before it; empty for a sentence that stands by itself")
    text: str


class NoticeEntryV1(Contract):
    """What belongs together under one heading, for example all that is told of one activity."""

    id: str = Field(description="What it is, the same in every language and version")
    heading: str = Field(default="", description="Empty where the part's own heading is enough")
    items: tuple[NoticeItemV1, ...]


class NoticePartV1(Contract):
    """One chapter of the notice."""

    id: str = Field(description="What it is, the same in every language and version")
    heading: str
    entries: tuple[NoticeEntryV1, ...]


class NoticeChangeV1(Contract):
    """One difference from the version before."""

    kind: Literal["added", "removed", "changed"]
    place: str = Field(description="Headings that lead there")
    before: str | None = Field(default=None, description="What stood there; none where it was added")
    after: str | None = Field(default=None, description="What stands there now; none where it was removed")


class NoticeTextV1(Contract):
    """The whole notice in one language."""

    title: str
    parts: tuple[NoticePartV1, ...]
    changes: tuple[NoticeChangeV1, ...] = Field(
        default=(), description="What changed since the version before; empty in the first one"
    )


class NoticePublishedV1(Event):
    """One version of a controller's privacy notice (GDPR Art. 13, 14), made of its register."""

    TYPE: ClassVar[str] = "notice_published"
    TOPIC: ClassVar[str] = controllers.TOPIC
    notice_version: int = Field(ge=1, description="Grows by one with each notice that says something else")
    published_at: AwareTime
    texts: dict[Language, NoticeTextV1] = Field(description="In each of the controller's languages")
    sha256: Sha256 = Field(description="Hash of what the notice says, its changes left out")
