"""Whom the small company of the breach tests knows, in a customer register and a portal."""

from datetime import UTC, datetime

import asyncpg

BEGAN = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)
ENDED = datetime(2026, 11, 12, 6, 0, tzinfo=UTC)

CRM = """
CREATE TABLE people (id int PRIMARY KEY, name text, email text, language text);
CREATE TABLE orders (number int PRIMARY KEY, person_id int NOT NULL REFERENCES people, placed_at timestamptz NOT NULL);
INSERT INTO people VALUES
 (1, 'Aino Esimerkki', 'aino@posti.example', 'fi'), (2, 'Aino Esimerkki', 'toinen@posti.example', 'fi'),
 (3, 'Bengt Exempel', 'bengt@post.example', 'sv'), (4, 'Liisa Yhteinen', 'koti@posti.example', 'fi'),
 (5, 'Pekka Yhteinen', 'koti@posti.example', 'fi'), (6, 'Eero Osoitteeton', NULL, 'fi');
INSERT INTO orders VALUES
 (1, 1, '2026-11-11 12:00+00'), (2, 1, '2026-11-11 13:00+00'), (3, 2, '2026-11-14 12:00+00'),
 (4, 3, '2026-11-10 06:00+00'), (5, 4, '2026-11-11 12:00+00'), (6, 5, '2026-11-12 06:00+00'),
 (7, 6, '2026-11-11 12:00+00');
"""
PORTAL = """
CREATE TABLE accounts (id int PRIMARY KEY, full_name text, email text, language text, seen_at timestamptz);
INSERT INTO accounts VALUES
 (1, 'Esimerkki Aino', 'AINO@posti.example', 'fi', '2026-11-11 08:00+00'),
 (2, 'Chris Example', 'chris@post.example', 'en', '2026-11-11 09:00+00'),
 (3, 'Late Comer', 'late@post.example', 'en', '2026-11-13 09:00+00');
"""

IN_BOTH = 6
"""Aino (known to both), Bengt, Liisa and Pekka at one address, Eero without one, Chris."""


async def make(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
