from api.accounts.errors import AccountErrorCode, AccountProblem
from api.kit.errors import N_


class InvalidGrant(AccountProblem):
    """A role that is not held at such a place, or a place that cannot be one."""

    code = AccountErrorCode.INVALID_GRANT
    message = N_("This role does not exist at this place.")


class RoleHeldAlready(AccountProblem):
    code = AccountErrorCode.INVALID_GRANT
    message = N_("Whoever has this address holds this role already.")


class InvitesThemselves(AccountProblem):
    """There is no way to a role that one person can go alone."""

    code = AccountErrorCode.INVALID_GRANT
    message = N_("Nobody gives a role to themselves. Another administrator has to invite you.")


class LastAdministrator(AccountProblem):
    code = AccountErrorCode.LAST_ADMINISTRATOR
    message = N_("This is the last administrator. Appoint another one before.")


class RoleNotHeld(AccountProblem):
    """Also for a person whom we do not know."""

    code = AccountErrorCode.NOT_FOUND
    message = N_("This person does not hold this role.")
