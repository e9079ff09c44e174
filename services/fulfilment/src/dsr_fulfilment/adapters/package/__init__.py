"""The package a person gets: a ZIP with a page to read, and their data as JSON and CSV."""

from dsr_fulfilment.adapters.package.builder import build_package
from dsr_fulfilment.adapters.package.facts import PackageFacts

__all__ = ["PackageFacts", "build_package"]
