"""The settings of fulfilment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from dsr_shared.settings import ServiceSettings


class FulfilmentSettings(ServiceSettings):
    """Read from `FULFILMENT_*` or from the files in `FULFILMENT_SECRETS_DIRECTORY`."""

    model_config = SettingsConfigDict(env_prefix="FULFILMENT_", frozen=True, extra="ignore")

    console_host: str = "127.0.0.1"
    console_port: int = Field(ge=0, le=65535)
    console_url: str = Field(description="Where staff reach the console, without a slash at the end")
    intake_url: str = Field(description="Where the public web is reached, without a slash at the end")
    registers_directory: Path = Field(description="One <controller>.yaml for each controller")
    connector_secrets_directory: Path = Field(description="<controller>/<secret> below it holds what registers name")
    challenge_days: int = Field(default=14, ge=1, le=30, description="How long a challenge or package link works")
