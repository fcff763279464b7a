"""The schema: one base class per slice, nothing else.

`python -m api.schema` prints it; `make schema` keeps the print in graphql/schema.graphql.
"""

import sys

import strawberry
from strawberry.extensions import ParserCache, ValidationCache

from api.kit.presented_errors import PresentedErrors

DOCUMENTS_REMEMBERED = 512


@strawberry.type
class Query:
    @strawberry.field(description="The version of the contract that answers.")
    def version(self) -> str:
        return "0.1.0"


schema = strawberry.Schema(
    Query,
    extensions=[
        PresentedErrors,
        lambda: ParserCache(maxsize=DOCUMENTS_REMEMBERED),
        lambda: ValidationCache(maxsize=DOCUMENTS_REMEMBERED),
    ],
)

if __name__ == "__main__":
    sys.stdout.write(schema.as_str() + "\n")
