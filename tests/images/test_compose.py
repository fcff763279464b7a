"""What the compose file promises, read from it with its anchors merged."""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from api.secret_files import file_variable, secret_names
from api.settings import Settings
from tests.conftest import ROOT
from tests.images.dockerfiles import stages

FOLDER = ROOT / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KEYS = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "deploy", "entrypoint", "env_file",
    "environment", "healthcheck", "image", "init", "logging", "network_mode", "networks", "ports",
    "profiles", "read_only", "restart", "secrets", "security_opt", "stop_grace_period", "tmpfs",
    "user", "volumes",
}  # fmt: skip
ONCE = {"mongo-set", "objects-folder", "objects-bucket"}
LISTENS_NOWHERE = {"worker"}
OURS = [name for name in SERVICES if SERVICES[name]["image"].startswith("laocai-")]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_locked_down(name: str) -> None:
    service = SERVICES[name]

    assert set(service) <= KEYS
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE - LISTENS_NOWHERE))
def test_a_service_that_listens_has_a_check(name: str) -> None:
    service = SERVICES[name]

    in_image = False
    if "build" in service:
        file = ROOT / service["build"]["dockerfile"]
        in_image = bool(stages(file)[service["build"]["target"]].all_of("HEALTHCHECK"))
    assert in_image or "test" in service["healthcheck"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - set(OURS)))
def test_an_image_of_others_is_pinned_to_an_exact_version(name: str) -> None:
    assert re.fullmatch(
        r"[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?(@sha256:[0-9a-f]{64})?", SERVICES[name]["image"]
    )


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["front"]["internal"] is True
    assert COMPOSE["networks"]["data"]["internal"] is True
    assert "data" not in SERVICES["proxy"]["networks"]


def test_the_bot_shares_the_loopback_of_its_api_and_none_of_its_keys() -> None:
    for name in ("bot-1", "actions-1", "bot-2", "actions-2"):
        assert SERVICES[name]["network_mode"] == f"service:api-{name[-1]}"
        assert SERVICES[name]["volumes"] == []


def test_every_secret_is_a_file_that_is_made_and_kept_out_of_history() -> None:
    script = (FOLDER / "make_secrets.sh").read_text()
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}

    assert used == set(COMPOSE["secrets"])
    assert "docker/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert re.search(rf"\b{name}\b", script)


@pytest.mark.parametrize("name", OURS)
def test_the_settings_are_settings_and_no_secret_stands_among_them(name: str) -> None:
    secrets = secret_names(Settings.model_fields)
    known = {f"LAOCAI_{one.upper()}" for one in Settings.model_fields} | {"LAOCAI_API_URL"}
    files = {file_variable(one) for one in secrets}

    given = {one for one in SERVICES[name]["environment"] if one.startswith("LAOCAI_")}

    assert given <= known | files
    assert given & {f"LAOCAI_{one.upper()}" for one in secrets} == set()
    for file in given & files:
        assert SERVICES[name]["environment"][file].rpartition("/")[2] in SERVICES[name]["secrets"]


def test_the_client_s_address_is_believed_from_the_proxy_only() -> None:
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]

    trusted = SERVICES["api-1"]["environment"]["LAOCAI_TRUSTED_PROXIES"]

    assert trusted == f'["{address}/32"]'
    assert ip_address(address) in ip_network(network["subnet"])


def test_a_stop_waits_longer_than_the_product_takes_to_drain() -> None:
    settings = SERVICES["api-1"]["environment"]
    takes = float(settings["LAOCAI_DRAIN_SECONDS"]) + float(settings["LAOCAI_SHUTDOWN_SECONDS"])
    grace = float(SERVICES["api-1"]["stop_grace_period"].removesuffix("s"))

    assert grace > takes
    # The proxy looks once a second: it has seen that an API drains well before listening ends.
    assert "health_interval 1s" in (FOLDER / "Caddyfile").read_text()
    assert float(settings["LAOCAI_DRAIN_SECONDS"]) >= 3


def test_one_member_by_default_and_three_in_a_profile() -> None:
    members = {
        name: one.get("profiles") for name, one in SERVICES.items() if re.match(r"mongo-\d", name)
    }

    assert members == {"mongo-1": None, "mongo-2": ["replicas"], "mongo-3": ["replicas"]}


def test_the_proxy_lets_the_largest_upload_through_and_not_much_more() -> None:
    largest = max(
        Settings.model_fields[f"media_{kind}_megabytes"].metadata[-1].le
        for kind in ("photo", "audio", "video")
    )

    sizes = [
        int(one) for one in re.findall(r"max_size (\d+)MB", (FOLDER / "Caddyfile").read_text())
    ]

    assert sorted(sizes) == [10, largest + 10, largest + 10]


def test_the_caddyfile_s_braces_close() -> None:
    depth = 0
    for line in (FOLDER / "Caddyfile").read_text().splitlines():
        code = re.sub(r"\{\$?[\w.]+\}", "", line.partition("#")[0])
        depth += code.count("{") - code.count("}")
        assert depth >= 0

    assert depth == 0
