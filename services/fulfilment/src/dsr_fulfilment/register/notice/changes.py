"""What a new version of a notice says differently, in words; and whether it says anything differently at all.

Compared are things by their ids, not their places: an activity that moved up the list is no change for the reader.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from dsr_fulfilment.register.notice.words import notice_words
from dsr_shared.contracts.notices import (
    NoticeChangeV1,
    NoticeEntryV1,
    NoticeItemV1,
    NoticePartV1,
    NoticeTextV1,
)
from dsr_shared.contracts.words import Language

Texts = Mapping[Language, NoticeTextV1]


def with_changes(before: Texts | None, after: Texts) -> dict[Language, NoticeTextV1] | None:
    """The new version with its change lists; None where nobody would read anything new."""
    if before is None:
        return dict(after)
    made = {
        language: text.model_copy(update={"changes": tuple(_changes(before, after, language))})
        for language, text in after.items()
    }
    return made if any(text.changes for text in made.values()) or before.keys() - after.keys() else None


def hash_of(texts: Texts) -> str:
    """The same for the same words, whatever the version before said."""
    bare = [f"{name} {texts[name].model_copy(update={'changes': ()}).model_dump_json()}" for name in sorted(texts)]
    return sha256("\n".join(bare).encode()).hexdigest()


def _changes(before: Texts, after: Texts, language: Language) -> Iterator[NoticeChangeV1]:
    words = notice_words(language)
    for other in after.keys() - before.keys():
        yield NoticeChangeV1(kind="added", place=words("languages"), after=words(f"language.{other}"))
    for other in before.keys() - after.keys():
        yield NoticeChangeV1(kind="removed", place=words("languages"), before=words(f"language.{other}"))
    if language in before:
        yield from text_changes(before[language], after[language])


def text_changes(before: NoticeTextV1, after: NoticeTextV1) -> Iterator[NoticeChangeV1]:
    """Everything that differs between two versions in one language, in the order of the newer one."""
    yield from _reworded(after.title, before.title, after.title)
    old, new = {part.id: part for part in before.parts}, {part.id: part for part in after.parts}
    for part in after.parts:
        yield from _part_changes(old.get(part.id), part)
    for part in before.parts:
        if part.id not in new:
            for entry in part.entries:
                yield _removed(_place(part, entry), _whole(entry))


def _part_changes(before: NoticePartV1 | None, after: NoticePartV1) -> Iterator[NoticeChangeV1]:
    old = {entry.id: entry for entry in before.entries} if before else {}
    new = {entry.id for entry in after.entries}
    if before:
        yield from _reworded(after.heading, before.heading, after.heading)
    for entry in after.entries:
        if entry.id in old:
            yield from _entry_changes(after, old[entry.id], entry)
        else:
            yield _added(_place(after, entry), _whole(entry))
    for name, entry in old.items():
        if name not in new:
            yield _removed(_place(after, entry), _whole(entry))


def _entry_changes(part: NoticePartV1, before: NoticeEntryV1, after: NoticeEntryV1) -> Iterator[NoticeChangeV1]:
    place = _place(part, after)
    old, new = {item.id: item for item in before.items}, {item.id for item in after.items}
    yield from _reworded(part.heading, before.heading, after.heading)
    for item in after.items:
        if item.id not in old:
            yield _added(_joined(place, item.label), item.text)
        else:
            yield from _reworded(_joined(place, item.label), *_both(old[item.id], item))
    for name, item in old.items():
        if name not in new:
            yield _removed(_joined(place, item.label), item.text)


def _both(before: NoticeItemV1, after: NoticeItemV1) -> tuple[str, str]:
    """The texts; with their labels where the label itself changed."""
    if before.label == after.label:
        return before.text, after.text
    return _line(before), _line(after)


def _reworded(place: str, before: str, after: str) -> Iterator[NoticeChangeV1]:
    if before != after:
        yield NoticeChangeV1(kind="changed", place=place, before=before, after=after)


def _added(place: str, text: str) -> NoticeChangeV1:
    return NoticeChangeV1(kind="added", place=place, after=text)


def _removed(place: str, text: str) -> NoticeChangeV1:
    return NoticeChangeV1(kind="removed", place=place, before=text)


def _place(part: NoticePartV1, entry: NoticeEntryV1) -> str:
    return _joined(part.heading, entry.heading)


def _joined(*headings: str) -> str:
    return " – ".join(heading for heading in headings if heading)


def _whole(entry: NoticeEntryV1) -> str:
    return ". ".join(_line(item).removesuffix(".") for item in entry.items) + "."


def _line(item: NoticeItemV1) -> str:
    return f"{item.label}: {item.text}" if item.label else item.text
