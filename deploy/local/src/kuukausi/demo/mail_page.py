"""A read-only page of the demo's mailboxes, on this machine only."""

import threading
from html import escape

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dsr_shared.supervise import listen_on
from dsr_shared.ui import stylesheet
from kuukausi.demo.post import Letter, PostOffice
from kuukausi.stack.ports import LOOPBACK

_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'self'", "cache-control": "no-store"}


def _letter(letter: Letter) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in letter.text.splitlines() if line.strip())
    return (
        f'<section class="stack"><h2>{escape(letter.subject)}</h2>'
        f'<p class="meta">to {escape(letter.to)} · <span class="ref">{escape(letter.message_id)}</span></p>'
        f'<blockquote class="say">{lines}</blockquote></section>'
    )


def _page(post: PostOffice) -> str:
    letters = "".join(_letter(letter) for address in post.passwords for letter in post.letters(address))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mailboxes of the demo</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/kuukausi.css"></head><body class="public"><main id="main">'
        f"<h1>Mailboxes of the demo</h1><p>What the sample persons got. Nothing can be changed here.</p>{letters}"
        "</main></body></html>"
    )


def serve_mail_page(post: PostOffice, port: int) -> str:
    """Serve the page until this process ends; returns its address."""

    def show(_: Request) -> Response:
        return HTMLResponse(_page(post), headers=_HEADERS)

    def style(_: Request) -> Response:
        return Response(stylesheet(), media_type="text/css")

    app = Starlette(routes=[Route("/", show), Route("/kuukausi.css", style)])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    listener = listen_on(LOOPBACK, port)
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True, name="mail page").start()
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
