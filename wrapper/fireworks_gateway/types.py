"""Types for annotations: the parameters and results of public functions."""

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
from ._openapi import GeneratedClient

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
