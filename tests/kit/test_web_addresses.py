"""Which addresses we call, and where we let a browser come back to."""

import pytest

from api.kit.web_addresses import is_endpoint, is_redirect

ELSEWHERE = [
    "https://id.example",
    "https://id.example:8443/realms/laocai?x=1",
    "https://ID.Example/",
]
HERE = [
    "http://127.0.0.1:8080",
    "http://127.8.8.8",
    "http://localhost:8080/x",
    "https://localhost",
    "http://id.localhost",
    "http://[::1]:8080/",
]
NOWHERE = [
    "",
    "id.example",
    "//id.example",
    "http://id.example",
    "ftp://id.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https://neighbour",
    "https://10.0.0.1",
    "https://8.8.8.8",
    "https://169.254.169.254/latest",
    "http://0.0.0.0",
    "https://0x7f.1",
    "https://2130706433",
    "https://127.1",
    "https://[2001:db8::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[::",
    "https://id.example:port",
    "https://id.example:99999",
    "https://user@id.example",
    "https://id.example@elsewhere.example",
    "https://id.example#x",
    "https://id.example\\@elsewhere.example",
    "https://id.example/ x",
    "https://id.example\n",
    "https://bản-sắc.example",
    f"https://id.example/{'x' * 2_000}",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_https_by_name_is_called(url: str) -> None:
    assert is_endpoint(url, loopback=False)
    assert is_redirect(url, loopback=False)


@pytest.mark.parametrize("url", HERE)
def test_this_machine_is_called_by_whoever_develops(url: str) -> None:
    assert is_endpoint(url, loopback=True)
    assert not is_endpoint(url, loopback=False)
    assert not is_redirect(url, loopback=False)


@pytest.mark.parametrize("url", NOWHERE)
def test_nothing_else_is_called(url: str) -> None:
    assert not is_endpoint(url, loopback=True)
    assert not is_redirect(url, loopback=True)


@pytest.mark.parametrize("uri", ["vn.laocai.app:/signed-in", "vn.laocai.app://signed-in"])
def test_an_app_is_come_back_to_under_a_scheme_of_its_own(uri: str) -> None:
    assert is_redirect(uri, loopback=False)
    assert not is_endpoint(uri, loopback=True)


@pytest.mark.parametrize(
    "uri", ["laocai:/signed-in", "vn.laocai.app:", "vn.laocai.app:/signed-in#x", "data:text/html,x"]
)
def test_a_scheme_that_anybody_may_take_is_refused(uri: str) -> None:
    assert not is_redirect(uri, loopback=True)
