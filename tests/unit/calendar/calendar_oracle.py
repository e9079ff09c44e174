"""A second opinion on the calendar, by other means: a table written by hand, days walked one by one, and the European
summer-time rule instead of the time-zone database."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

FIRST, LAST = date(2024, 1, 1), date(2040, 12, 31)
ONE_DAY = timedelta(days=1)
MOMENTS = st.integers(
    int(datetime(2024, 1, 2, tzinfo=UTC).timestamp()), int(datetime(2040, 12, 30, tzinfo=UTC).timestamp())
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))

GOOD_FRIDAY_EASTER_MONDAY_ASCENSION_PENTECOST_MIDSUMMER_ALL_SAINTS = """
2024  29.3.  31.3.   1.4.   9.5.  19.5.  22.6.   2.11.
2025  18.4.  20.4.  21.4.  29.5.   8.6.  21.6.   1.11.
2026   3.4.   5.4.   6.4.  14.5.  24.5.  20.6.  31.10.
2027  26.3.  28.3.  29.3.   6.5.  16.5.  26.6.   6.11.
2028  14.4.  16.4.  17.4.  25.5.   4.6.  24.6.   4.11.
2029  30.3.   1.4.   2.4.  10.5.  20.5.  23.6.   3.11.
2030  19.4.  21.4.  22.4.  30.5.   9.6.  22.6.   2.11.
2031  11.4.  13.4.  14.4.  22.5.   1.6.  21.6.   1.11.
2032  26.3.  28.3.  29.3.   6.5.  16.5.  26.6.   6.11.
2033  15.4.  17.4.  18.4.  26.5.   5.6.  25.6.   5.11.
2034   7.4.   9.4.  10.4.  18.5.  28.5.  24.6.   4.11.
2035  23.3.  25.3.  26.3.   3.5.  13.5.  23.6.   3.11.
2036  11.4.  13.4.  14.4.  22.5.   1.6.  21.6.   1.11.
2037   3.4.   5.4.   6.4.  14.5.  24.5.  20.6.  31.10.
2038  23.4.  25.4.  26.4.   3.6.  13.6.  26.6.   6.11.
2039   8.4.  10.4.  11.4.  19.5.  29.5.  25.6.   5.11.
2040  30.3.   1.4.   2.4.  10.5.  20.5.  23.6.   3.11.
2041  19.4.  21.4.  22.4.  30.5.   9.6.  22.6.   2.11.
"""
THE_SAME_EACH_YEAR = ("1.1.", "6.1.", "1.5.", "6.12.", "25.12.", "26.12.")


def _day(year: str, text: str) -> date:
    number, month, _ = text.split(".")
    return date(int(year), int(month), int(number))


HOLIDAYS = frozenset(
    _day(year, text)
    for line in GOOD_FRIDAY_EASTER_MONDAY_ASCENSION_PENTECOST_MIDSUMMER_ALL_SAINTS.split("\n")
    if line
    for year, *movable in [line.split()]
    for text in (*movable, *THE_SAME_EACH_YEAR)
)


def every_day() -> list[date]:
    return [date.fromordinal(number) for number in range(FIRST.toordinal(), LAST.toordinal() + 1)]


def is_free(day: date) -> bool:
    """Ordinal 1 (1.1.0001) was a Monday."""
    return day.toordinal() % 7 in {6, 0} or day in HOLIDAYS


def month_end(received: date, months: int) -> date:
    """Walk on until that many months have begun and the day number comes round, or the month is about to end."""
    day, begun = received, 0
    while True:
        day += ONE_DAY
        begun += day.day == 1
        if begun == months and (day.day == received.day or ((day + ONE_DAY).day == 1 and day.day < received.day)):
            return day


def next_working(day: date) -> date:
    while is_free(day):
        day += ONE_DAY
    return day


def last_sunday(year: int, month: int) -> date:
    return max(date(year, month, number) for number in range(25, 32) if date(year, month, number).toordinal() % 7 == 0)


def helsinki_hours(moment: datetime) -> int:
    """Hours ahead of UTC: three from the last Sunday of March 01:00 UTC to that of October, otherwise two."""
    year = moment.astimezone(UTC).year
    start, end = (datetime(year, month, last_sunday(year, month).day, 1, tzinfo=UTC) for month in (3, 10))
    return 3 if start <= moment < end else 2


def wall_clock(moment: datetime) -> datetime:
    """What a clock on a wall in Helsinki shows."""
    return moment.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=helsinki_hours(moment))


def transitions() -> list[datetime]:
    return [
        datetime(year, month, last_sunday(year, month).day, 1, tzinfo=UTC)
        for year in range(FIRST.year, LAST.year + 1)
        for month in (3, 10)
    ]
