"""What a resource is declared with: a message class, its fields, and how their values are read.

class Deployment(Message, generated=GatewayDeployment):
    name = Field("name", string, doc="The resource name.")
    create_time = Field("createTime", timestamp, doc="When it was created.")

client.list(gateway_list_deployments, item=Deployment)
"""

from ._dates import partial_date, timestamp
from ._enums import open_enum
from ._fields import DateField, Field, Flag, Message, MessageField, view_of
from ._readers import Reader, boolean, integer, integer64, list_of, map_of, number, string

__all__ = [
    "DateField",
    "Field",
    "Flag",
    "Message",
    "MessageField",
    "Reader",
    "boolean",
    "integer",
    "integer64",
    "list_of",
    "map_of",
    "number",
    "open_enum",
    "partial_date",
    "string",
    "timestamp",
    "view_of",
]
