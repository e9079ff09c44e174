"""Roles and databases of the three services in the compose stack; safe to repeat."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import quote

from dsr_shared.contracts.words import SERVICES
from kuukausi.compose.secrets import password_in, secret
from kuukausi.compose.step import run_step
from kuukausi.stack.databases import create_database, create_roles, service_database
from kuukausi.stack.postgres import ADMIN


@dataclass(frozen=True)
class ComposePostgres:
    """The PostgreSQL server of the compose file."""

    admin_password: str = field(repr=False)
    host: str = "postgres"
    port: int = 5432

    @property
    def admin_url(self) -> str:
        return self.url(ADMIN, self.admin_password, "postgres")

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{quote(user)}:{quote(password)}@{self.host}:{self.port}/{quote(database)}"


def role_passwords() -> dict[str, str]:
    """By role, out of the addresses that the services themselves use, so that the two cannot differ."""
    urls = {
        f"{service}_{role}": secret(f"{service}_{prefix}database_url")
        for service in SERVICES
        for role, prefix in (("app", ""), ("owner", "owner_"))
    }
    return {role: password_in(url, role) for role, url in urls.items()}


async def prepare(server: ComposePostgres, passwords: dict[str, str]) -> None:
    await create_roles(server, passwords)
    for service in SERVICES:
        await create_database(server, service_database(server, service, passwords))


def main() -> None:
    asyncio.run(prepare(ComposePostgres(secret("postgres_admin_password")), role_passwords()))


if __name__ == "__main__":
    run_step("databases and roles", main)
