"""The month sheet of a case: received, today, last day."""

from dataclasses import dataclass
from datetime import date

from dsr_fulfilment.entrypoints.console.dates import short_date, weekday_date
from dsr_shared.ui.month_sheet import month_sheet


@dataclass(frozen=True)
class MonthView:
    """The sheet with its words; each cell is its class and its text."""

    label: str
    cells: tuple[tuple[str, str], ...]


def month_view(received: date, today: date, due: date) -> MonthView:
    cells = month_sheet(received, today, due)
    label = (
        f"Received {weekday_date(received)} {received.year}. Today is {weekday_date(today)}. Due {weekday_date(due)}."
    )
    texts = (short_date(cell.day) if cell.starts_month else str(cell.day.day) for cell in cells)
    return MonthView(label, tuple((cell.css, text) for cell, text in zip(cells, texts, strict=True)))
