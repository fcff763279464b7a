"""People with accounts, dependants and the consent HEALTH, put into a store as they are."""

from datetime import date

from api.accounts.caller import Caller
from api.accounts.people.dependant_repository import Dependant, DependantRepository, Relation
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.privacy.consent_ledger import ConsentAct, ConsentLedger, ConsentState
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import Store
from tests.conftest import NOW

MOTHER_S_NAME = "Lò Thị Mẹ"


async def a_person(
    store: Store, sealer: Sealer, name: str | None = "Vàng Thị Mẫu", *, agrees: bool = True
) -> Caller:
    """Return somebody who may book."""
    profile = Profile(name=name)
    account = Account(new_id(), "vi", profile, frozenset(), NOW)
    await AccountRepository(store, sealer).add(account)
    if agrees:
        await agree(store, sealer, account.id)
    return Caller(account.id)


async def a_relative(
    store: Store,
    sealer: Sealer,
    caller: Caller,
    name: str = MOTHER_S_NAME,
    *,
    agrees: bool = True,
) -> str:
    """Return the id of somebody grown up for whom a person acts."""
    dependant = Dependant(
        id=new_id(),
        person_id=caller.person(),
        name=name,
        born_on=date(1960, 2, 3),
        relation=Relation.PARENT,
        needs=frozenset(),
        created_at=NOW,
    )
    await DependantRepository(store, sealer).add(dependant)
    await AccountRepository(store, sealer).count_dependant(caller.person(), 99)
    if agrees:
        await agree(store, sealer, caller.person(), dependant.id)
    return dependant.id


async def agree(
    store: Store, sealer: Sealer, person_id: str, dependant_id: str | None = None
) -> None:
    """Write down that a person agrees to the use of health data."""
    act = ConsentAct(
        state=ConsentState.GIVEN,
        text=current_texts(ConsentPurpose.HEALTH)["vi"],
        subject_id=dependant_id,
        dependant_agreed=dependant_id is not None,
        session_id=None,
        at=NOW,
    )
    await ConsentLedger(store, sealer).append(person_id, act)
