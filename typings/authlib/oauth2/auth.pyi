class ClientAuth:
    def __init__(
        self, client_id: str, client_secret: str | None, auth_method: str | None = None
    ) -> None: ...
    def prepare(
        self, method: str, uri: str, headers: dict[str, str], body: str
    ) -> tuple[str, dict[str, str], str]: ...
