"""What of an error the client sees."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension


class PresentedErrors(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        yield
