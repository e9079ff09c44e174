"""Today, all cases, tasks, letters that did not arrive, and users."""

from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from dsr_fulfilment.adapters import accounts, breach_tasks, breaches, desk
from dsr_fulfilment.adapters.desk import OpenCase, TaskLine
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge, due_badge
from dsr_fulfilment.entrypoints.console.breach_view import BreachTaskView, state_badge, task_views
from dsr_fulfilment.entrypoints.console.dates import short_moment
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.masking import mask_name
from dsr_fulfilment.entrypoints.console.plan_view import system_label
from dsr_fulfilment.entrypoints.console.queue_view import today_view
from dsr_fulfilment.entrypoints.console.task_view import Line
from dsr_fulfilment.handlers import looks
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.calendar import helsinki_date
from dsr_shared.postgres import Connection, database_now

CLOSED_ON_A_PAGE = 50


class Lists:
    """Pages that only show; nothing that is due hides on a second page."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def today(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            cases = await desk.open_cases(conn)
            view = today_view(cases, await self._names(conn, cases), await database_now(conn))
            frame = await self._console.frame(conn, session, "today")
        return self._console.pages.render("today.html", frame, view=view)

    async def cases(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        page = _page_number(request.query_params.get("page", ""))
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            open_cases = await desk.open_cases(conn)
            view = today_view(open_cases, await self._names(conn, open_cases), await database_now(conn))
            closed, total = await desk.closed_cases(conn, CLOSED_ON_A_PAGE, (page - 1) * CLOSED_ON_A_PAGE)
            frame = await self._console.frame(conn, session, "cases")
        titles = {one.reference: words.headline(one.rights) for one in closed}
        pages = max(1, -(-total // CLOSED_ON_A_PAGE))
        return self._console.pages.render(
            "cases.html", frame, view=view, closed=closed, titles=titles, total=total, page=page, pages=pages,
            states=words.STATES,
        )  # fmt: skip

    async def tasks(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        register = self._console.tools.registers.get(session.user.controller_id)
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            tasks, now = await desk.open_tasks(conn), await database_now(conn)
            about_breaches = await self._breach_tasks(conn, register, now)
            frame = await self._console.frame(conn, session, "tasks")
        today = helsinki_date(now)
        rows = [(task, _task_title(task, register), due_badge(today, task.due_on)) for task in tasks]
        return self._console.pages.render("tasks.html", frame, rows=rows, breaches=about_breaches, now=now)

    async def letters(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            letters, now = await desk.troubled_letters(conn), await database_now(conn)
            frame = await self._console.frame(conn, session, "letters")
        rows = [(letter.reference, _letter_line(letter)) for letter in letters]
        return self._console.pages.render("letters.html", frame, rows=rows, now=now)

    async def users(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        if session.user.role != "owner":
            return self._console.may_not(session)
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            users = await accounts.users(conn)
            frame = await self._console.frame(conn, session, "users")
        return self._console.pages.render("users.html", frame, users=users)

    async def _breach_tasks(
        self, conn: Connection, register: Register, now: datetime
    ) -> list[tuple[Breach, Badge, tuple[BreachTaskView, ...]]]:
        """What waits about each breach, with the hours that are left."""
        labels = {system.id: in_language(system.label, "en") for system in register.systems}
        found = []
        for breach in await breaches.with_open_tasks(conn):
            letters = await breaches.letter_states(conn, breach.breach_id)
            tasks = task_views(await breach_tasks.of_breach(conn, breach.breach_id), letters, labels)
            found.append((breach, state_badge(breach, now), tasks))
        return found

    async def _names(self, conn: Connection, cases: tuple[OpenCase, ...]) -> dict[UUID, str]:
        """Masked names; of a case whose key is gone there is none."""
        names: dict[UUID, str] = {}
        for one in cases:
            person = await looks.person_of(self._console.tools, conn, one.case)
            if person is not None and person.name:
                names[one.case.case_id] = mask_name(person.name)
        return names


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and int(text[:6]) > 0 else 1


def _task_title(task: TaskLine, register: Register) -> str:
    title = words.TASKS[task.kind]
    if task.system and task.kind in ("search_paper", "destroy_paper"):
        label = system_label(register, task.system)
        return f"{title} {label[0].lower()}{label[1:]}"
    return words.reminder_text(task.purpose) or title


def _letter_line(letter: desk.LetterLine) -> Line:
    title = words.LETTERS[letter.kind]
    if letter.state == "failed":
        when = short_moment(letter.failed_at or letter.requested_at)
        return Line(title, f"{when}, {words.failure_text(letter.failure)}", Badge("Did not arrive", "late", "warning"))
    return Line(title, f"written {short_moment(letter.requested_at)}", Badge("Not taken yet", "soon", "hourglass"))
