"""The API as an OpenAPI 3.1 document, made from the models that the API itself uses."""

from typing import Any, Final

from pydantic import BaseModel

from dsr_intake.domain.form_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from dsr_intake.entrypoints.web.api_models import RequestIn, RequestOut, StateOut
from dsr_intake.entrypoints.web.api_problems import PROBLEM_TYPE, FieldProblem, ProblemDetails
from dsr_intake.entrypoints.web.api_reading import FILES_PART, REQUEST_PART

IDEMPOTENCY_KEY_PATTERN: Final = r'^"?[\x21\x23-\x7e]{1,128}"?$'
_SHAPE_OF_STATUS: Final = r"^[A-Za-z0-9_-]{43}$"
_WORDS: Final = {
    "400": "The call cannot be read",
    "401": "No valid key of this company",
    "404": "Unknown status token",
    "413": "More than 128 KiB of JSON, or 64 MiB with files",
    "415": "Neither application/json nor multipart/form-data",
    "422": "Fields are missing or wrong, a file was refused, or the Idempotency-Key came before with another body",
    "429": "Too many calls in this hour",
    "503": "Nothing can be stored at the moment: the request was not received",
}


def document(controller_id: str, controller_name: str, public_url: str) -> dict[str, Any]:
    """The document of one company."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Data-subject requests to {controller_name}",
            "version": "1",
            "description": "Hand in a person's request with the same answers as on the form, and see how it stands.",
        },
        "servers": [{"url": f"{public_url}/{controller_id}/api/v1"}],
        "security": [{"key": []}],
        "paths": {"/requests": {"post": _post()}, "/requests/{status_token}": {"get": _get()}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "`kuukausi api-key add`"}},
            "schemas": {model.__name__: _schema(model) for model in _MODELS},
        },
    }


_MODELS: Final[tuple[type[BaseModel], ...]] = (RequestIn, RequestOut, StateOut, ProblemDetails, FieldProblem)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    mode: Any = "validation" if model is RequestIn else "serialization"
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode=mode)
    schema.pop("$defs", None)
    return schema


def _post() -> dict[str, Any]:
    return {
        "operationId": "place_request",
        "summary": "Hand in a request",
        "description": "It is received when 201 comes back, and not before. The clock of the law runs from then.",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key with the same body gives the same answer for 24 hours",
                "schema": {"type": "string", "pattern": IDEMPOTENCY_KEY_PATTERN},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(RequestIn)}, "multipart/form-data": _with_files()},
        },
        "responses": {
            "201": {
                "description": "Received",
                "headers": {"Location": {"description": "Where its state is", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": _ref(RequestOut)}},
            },
            **_problems("400", "401", "413", "415", "422", "429", "503"),
        },
    }


def _with_files() -> dict[str, Any]:
    each = {"type": "string", "contentMediaType": "application/octet-stream"}
    described = f"PDF, JPEG, PNG, TXT or DOCX; {MAX_FILE_BYTES >> 20} MiB each, {MAX_TOTAL_BYTES >> 20} together"
    files = {"type": "array", "maxItems": MAX_FILES, "items": each, "description": described}
    return {
        "schema": {
            "type": "object",
            "properties": {REQUEST_PART: _ref(RequestIn), FILES_PART: files},
            "required": [REQUEST_PART],
        },
        "encoding": {REQUEST_PART: {"contentType": "application/json"}},
    }


def _get() -> dict[str, Any]:
    token = {"type": "string", "pattern": _SHAPE_OF_STATUS}
    return {
        "operationId": "request_state",
        "summary": "How a request stands",
        "parameters": [{"name": "status_token", "in": "path", "required": True, "schema": token}],
        "responses": {
            "200": {"description": "Its state", "content": {"application/json": {"schema": _ref(StateOut)}}},
            **_problems("401", "404", "429", "503"),
        },
    }


def _problems(*codes: str) -> dict[str, Any]:
    content = {PROBLEM_TYPE: {"schema": _ref(ProblemDetails)}}
    return {code: {"description": _WORDS[code], "content": content} for code in codes}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
