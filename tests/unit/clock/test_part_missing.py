"""What a service is not ready for shows in its metrics, so that an alert can name it."""

from httpx import ASGITransport, AsyncClient
from prometheus_client import CollectorRegistry

from dsr_shared.health import health_app


async def test_metrics_name_the_part_that_is_missing() -> None:
    async def well() -> str | None:
        return None

    async def gone() -> str | None:
        return "PostgreSQL does not answer"

    app = health_app({"consumer": well, "database": gone}, CollectorRegistry())
    async with AsyncClient(transport=ASGITransport(app), base_url="http://service") as client:
        assert (await client.get("/readyz")).status_code == 503
        text = (await client.get("/metrics")).text
    assert 'dsr_part_missing{part="database"} 1.0' in text
    assert 'dsr_part_missing{part="consumer"} 0.0' in text
