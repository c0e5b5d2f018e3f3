"""Types for annotations: the parameters and results of public functions."""

from . import _openapi
from ._client import AsyncModels, Models
from ._fields.fields import Order
from ._fields.paths import Path
from ._fields.rows import Row, Rows
from ._http.retries import Clock, OnRetry
from ._http.settings import AsyncHttpClient, ClientOptions, HttpClient
from ._listing.async_pager import AsyncItems, AsyncPages
from ._listing.page import OnMalformed
from ._listing.pager import Items, Pages
from ._listing.query import Condition, SortKey

__all__ = [
    "AsyncHttpClient",
    "AsyncItems",
    "AsyncModels",
    "AsyncPages",
    "ClientOptions",
    "Clock",
    "Condition",
    "GeneratedClient",
    "HttpClient",
    "Items",
    "Models",
    "OnMalformed",
    "OnRetry",
    "Order",
    "Pages",
    "Path",
    "Row",
    "Rows",
    "SortKey",
]

GeneratedClient = _openapi.GeneratedClient
"""The client that openapi-python-client generates from the document, as `client.api` returns it.

Pass it to a function of `fireworks_gateway_openapi.api`, for example to get one deployment. Such a call has no retries,
no deadline and no error classes. The class changes with the document and the generator.
"""
