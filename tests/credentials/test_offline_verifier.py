"""The reference verifier: decides without a network as the online scan does, and says when it cannot know."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from api.cli import app
from api.context import Services
from api.credentials.gates.bundle import read_bundle, read_bundle_file
from api.credentials.gates.records import OldListPolicy, OldListRule
from api.credentials.offline.verifier import Decision, OfflineVerifier
from api.credentials.records import TOURIST_PASSES, RevocationReason, student_cards_of
from api.credentials.scans.records import Fault
from api.credentials.service import CredentialService
from api.credentials.status.publishing import LIVES_FOR
from tests.conftest import NOW, MovableClock
from tests.credentials.cards import (
    ADMINISTRATOR,
    SCHOOL,
    Phone,
    a_card,
    a_phone,
)
from tests.credentials.offline_gates import a_bundle_file, an_offline_gate

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


def decided(
    gate: OfflineVerifier, shown: str, moment: datetime
) -> tuple[Decision, tuple[Fault, ...]]:
    verdict = gate.verify(shown, moment)
    return verdict.decision, verdict.faults


async def test_a_good_card_is_let_in_once(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    card, phone = await a_phone(service)

    first = gate.verify(phone.shows(NOW), NOW)
    again = gate.verify(phone.shows(NOW), NOW + SECOND)

    assert (first.decision, first.faults) == (Decision.LET_IN, ())
    assert first.card is not None
    assert first.card.credential_id == card.id
    assert (again.decision, again.faults) == (Decision.REFUSE, (Fault.CODE_USED,))


async def test_a_code_stays_used_for_as_long_as_it_is_good(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    _, phone = await a_phone(service)
    shown = phone.shows(NOW + 30 * SECOND)
    gate.verify(shown, NOW)
    for n in range(1, 90):
        gate.verify((await a_phone(service))[1].shows(NOW), NOW + n * SECOND)

    assert decided(gate, shown, NOW + 89 * SECOND) == (Decision.REFUSE, (Fault.CODE_USED,))


@pytest.mark.parametrize(
    ("seconds", "fault"),
    [(-31, Fault.CODE_WRONG), (-30, None), (59, None), (60, Fault.CODE_WRONG)],
)
async def test_clocks_may_be_one_step_apart(
    service: CredentialService, seconds: int, fault: Fault | None
) -> None:
    gate = await an_offline_gate(service)
    _, phone = await a_phone(service)

    _, faults = decided(gate, phone.shows(NOW + seconds * SECOND), NOW)

    assert faults == ((fault,) if fault else ())


async def test_validity_is_exact_to_the_second(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    card = await a_card(service, valid_from=NOW, valid_until=NOW + HOUR)
    phone = await Phone.with_card(service, card)
    moments = [NOW - SECOND, NOW, NOW + HOUR - SECOND, NOW + HOUR]

    faults = [decided(gate, phone.shows(moment), moment)[1] for moment in moments]

    assert faults == [(Fault.NOT_YET_VALID,), (), (), (Fault.EXPIRED,)]


async def test_stopped_cards_are_refused_with_the_next_list(service: CredentialService) -> None:
    before = await an_offline_gate(service)
    lost, lost_phone = await a_phone(service)
    paused, paused_phone = await a_phone(service)
    moved, old_phone = await a_phone(service)
    await service.issuing.revoke(lost.id, RevocationReason.LOST, NOW)
    await service.issuing.suspend(paused.id, NOW)
    new_phone = await Phone.with_card(service, await service.issuing.reissue(moved.id, NOW))

    after = await an_offline_gate(service)

    phones = (lost_phone, paused_phone, old_phone, new_phone)
    assert [decided(before, phone.shows(NOW), NOW)[1] for phone in phones] == [()] * 4
    assert [decided(after, phone.shows(NOW), NOW)[1] for phone in phones] == [
        (Fault.REVOKED,),
        (Fault.SUSPENDED,),
        (Fault.REVOKED,),
        (),
    ]


async def test_a_suspended_card_stays_suspended_when_it_is_re_issued(
    service: CredentialService,
) -> None:
    card = await a_card(service)
    await service.issuing.suspend(card.id, NOW)
    phone = await Phone.with_card(service, await service.issuing.reissue(card.id, NOW))

    gate = await an_offline_gate(service)

    assert decided(gate, phone.shows(NOW), NOW) == (Decision.REFUSE, (Fault.SUSPENDED,))


async def test_a_printed_card_needs_a_look(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    printed = await service.staffing.printed(await a_card(service))

    asked = gate.verify(printed.token, NOW)
    confirmed = gate.verify(printed.token, NOW, is_confirmed=True)

    assert (asked.decision, asked.faults) == (Decision.CONFIRM, (Fault.UNCONFIRMED,))
    assert confirmed.decision is Decision.LET_IN


async def test_a_look_helps_a_phone_without_its_code_nothing(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    _, phone = await a_phone(service)

    assert gate.verify(phone.token, NOW, is_confirmed=True).decision is Decision.REFUSE


async def test_cards_of_other_gates_are_refused(service: CredentialService) -> None:
    gate = await an_offline_gate(service)
    _, pupil = await a_phone(service, student_cards_of(SCHOOL.id))

    assert decided(gate, pupil.shows(NOW), NOW) == (Decision.REFUSE, (Fault.FOREIGN,))


@pytest.mark.parametrize(
    ("rule", "decision", "faults"),
    [
        (OldListRule.LET_IN, Decision.LET_IN, ()),
        (OldListRule.CONFIRM, Decision.CONFIRM, (Fault.LIST_TOO_OLD,)),
        (OldListRule.REFUSE, Decision.REFUSE, (Fault.LIST_TOO_OLD,)),
    ],
)
async def test_the_gate_s_rule_counts_when_the_list_is_too_old(
    service: CredentialService,
    rule: OldListRule,
    decision: Decision,
    faults: tuple[Fault, ...],
) -> None:
    gate = await an_offline_gate(service, OldListPolicy(HOUR, rule))
    _, phone = await a_phone(service)
    on_time, late = NOW + HOUR, NOW + HOUR + SECOND

    assert decided(gate, phone.shows(on_time), on_time) == (Decision.LET_IN, ())
    _, other = await a_phone(service)
    assert decided(gate, other.shows(late), late) == (decision, faults)


async def test_a_list_that_has_expired_is_as_good_as_none(service: CredentialService) -> None:
    gate = await an_offline_gate(service, OldListPolicy(7 * DAY, OldListRule.LET_IN))
    _, phone = await a_phone(service)
    end = NOW + LIVES_FOR

    assert decided(gate, phone.shows(end - SECOND), end - SECOND)[0] is Decision.LET_IN
    assert decided(gate, phone.shows(end), end) == (Decision.REFUSE, (Fault.LIST_EXPIRED,))


async def test_without_a_list_nobody_is_let_in(service: CredentialService) -> None:
    bundle, _ = read_bundle_file(await a_bundle_file(service))
    _, phone = await a_phone(service)

    gate = OfflineVerifier(bundle, [])

    assert decided(gate, phone.shows(NOW), NOW) == (Decision.REFUSE, (Fault.LIST_EXPIRED,))


async def test_keys_of_an_older_epoch_are_accepted_until_it_ends(
    service: CredentialService, clock: MovableClock
) -> None:
    _, old = await a_phone(service)
    assert await service.enrolling.rotate_keys(ADMINISTRATOR, TOURIST_PASSES) == 2
    _, new = await a_phone(service)
    clock.advance(days=29)
    gate, end = await an_offline_gate(service), NOW + 30 * DAY

    assert decided(gate, old.shows(end - SECOND), end - SECOND)[0] is Decision.LET_IN
    assert Fault.KEY_ENDED in decided(gate, old.shows(end), end)[1]
    assert Fault.CODE_WRONG not in decided(gate, new.shows(end), end)[1]
    assert Fault.KEY_ENDED not in decided(gate, new.shows(end), end)[1]


async def test_a_changed_bundle_is_refused(service: CredentialService) -> None:
    file = json.loads(await a_bundle_file(service))
    head, body, signature = file["token"].split(".")

    for token in (f"{head}.{body[:-4]}AAAA.{signature}", f"{head}.{body}.{'A' * 86}", "", "a.b.c"):
        with pytest.raises(ValueError, match="not"):
            read_bundle_file(json.dumps({**file, "token": token}))


async def test_a_gate_that_has_keys_believes_no_others(service: CredentialService) -> None:
    token = json.loads(await a_bundle_file(service))["token"]
    trusted = read_bundle(token).public_keys()
    (key_id,) = trusted

    assert read_bundle(token, trusted).gate_keys
    with pytest.raises(ValueError, match="not a bundle"):
        read_bundle(token, {key_id: Ed25519PrivateKey.generate().public_key()})
    with pytest.raises(ValueError, match="not known"):
        read_bundle(token, {"other": trusted[key_id]})


async def test_laocai_verify_decides_from_a_file(
    service: CredentialService, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.json"
    file.write_text(await a_bundle_file(service), encoding="utf-8")
    card, phone = await a_phone(service)
    printed = (await service.staffing.printed(card)).token
    options = ["--bundle", str(file), "--at", NOW.isoformat()]

    def run(*arguments: str) -> tuple[int, list[str]]:
        result = CliRunner().invoke(app, ["verify", *arguments, *options])
        return result.exit_code, result.stdout.splitlines()

    assert run(phone.shows(NOW)) == (
        0,
        [
            "LET_IN",
            f"TOURIST_PASS {card.id}, generation 1",
            "valid from 2026-05-01T08:30:00+00:00, before 2026-05-31T09:30:00+00:00",
        ],
    )
    assert run(phone.shows(NOW - 61 * SECOND))[0] == 1
    assert run(phone.shows(NOW - 61 * SECOND))[1][0] == "REFUSE CODE_WRONG"
    assert run("nonsense") == (1, ["REFUSE WRONG_SIGNATURE"])
    assert (run(printed)[0], run(printed)[1][0]) == (3, "CONFIRM UNCONFIRMED")
    assert run(printed, "--confirmed")[0] == 0


def test_laocai_verify_says_when_the_file_is_no_bundle(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    file.write_text("[]")

    result = CliRunner().invoke(app, ["verify", "x", "--bundle", str(file)])

    assert result.exit_code == 2
    assert "not the file of a bundle" in result.stderr
