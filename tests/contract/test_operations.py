"""Large documents, as the generator makes packages of them: every list operation is walked, and nothing else is one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fireworks_gateway import ConfigurationError, GatewayClient

from ..documents import expected_of, generated, resources, walked, walked_async

pytestmark = pytest.mark.contract


@pytest.mark.parametrize("count", [30, 200])
def test_every_list_operation_of_a_large_document_is_walked(count: int, tmp_path: Path) -> None:
    """Every item of each, sync and async; getting one, making one and deleting one are refused."""
    for package in generated(tmp_path, f"document_of_{count}", resources(count)):
        assert walked(package) == asyncio.run(walked_async(package)) == expected_of(package.listed)
        client = GatewayClient(api_key="k", account_id="a")
        for each in package.listed:
            for verb in ("Get", "Create", "Delete"):
                with pytest.raises(ConfigurationError, match="cannot be listed"):
                    client.list(package.endpoint(f"{verb}{each.item}"))
