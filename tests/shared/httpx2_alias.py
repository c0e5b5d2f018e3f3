"""A plugin of pytest that puts httpx2 in place of httpx; it is loaded with `-p`, before anything imports httpx."""

import importlib

importlib.import_module("httpx2").alias_httpx()
