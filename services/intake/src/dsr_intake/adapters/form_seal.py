"""What travels between the steps of the form: sealed, so that nobody reads, forges or prolongs it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from dsr_intake.domain.form_files import FileTray, FormFile
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_shared.contracts.base import SealedV1
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import CannotOpen, SealContext, data_key, open_sealed, seal

FORM_SECONDS: Final = 2 * 3600
"""How long a form may stay open; longer than any person needs, short enough to be worthless to others."""
_ANY: Final = UUID(int=0)


class FormForged(Exception):
    """Not a form of ours, or another controller's."""


class FormSeal:
    """Seals form states under a key derived from the key ring; it keeps nothing between requests."""

    def __init__(self, ring: KeyRing) -> None:
        self._key = data_key("arrival", ring.derive_key("intake form state"))

    def seal(self, state: FormState) -> str:
        plain = json.dumps(asdict(state), default=str, separators=(",", ":")).encode()
        return urlsafe_b64encode(seal(self._key, plain, _context(state.controller_id)).ciphertext).decode()

    def open(self, text: str, controller_id: str) -> FormState:
        """Open a state, however old; raises FormForged. Ask `is_fresh` before anything is done with it."""
        try:
            sealed = SealedV1.model_construct(key_id=self._key.key_id, ciphertext=urlsafe_b64decode(text.encode()))
            return _state(json.loads(open_sealed(self._key, sealed, _context(controller_id))))
        except (CannotOpen, ValueError):
            raise FormForged from None


def is_fresh(state: FormState, now_seconds: float) -> bool:
    return 0 <= now_seconds - state.issued_at + 60 <= FORM_SECONDS + 60


def _context(controller_id: str) -> SealContext:
    return SealContext(record_id=_ANY, kind="form_state", case_id=_ANY, field=controller_id)


def _state(values: dict[str, Any]) -> FormState:
    answers, tray = values.pop("answers"), values.pop("tray", None)
    answers["choices"] = tuple(answers["choices"])
    return FormState(
        **{**values, "arrival_id": UUID(values["arrival_id"])},
        answers=FormAnswers(**answers),
        tray=_tray(tray) if tray else None,
    )


def _tray(values: dict[str, Any]) -> FileTray:
    return FileTray(
        tray_id=UUID(values["tray_id"]),
        case_id=UUID(values["case_id"]),
        secret=values["secret"],
        files=tuple(FormFile(**{**file, "file_id": UUID(file["file_id"])}) for file in values["files"]),
    )
