"""Why a backup is not made or not restored."""

from enum import StrEnum

from api.kit.errors import N_, DomainError


class BackupErrorCode(StrEnum):
    DOCUMENTS_ELSEWHERE = "DOCUMENTS_ELSEWHERE"
    NOTHING_TO_BACK_UP = "NOTHING_TO_BACK_UP"
    NOT_A_BACKUP = "NOT_A_BACKUP"
    BACKUP_DAMAGED = "BACKUP_DAMAGED"
    STORE_EXISTS = "STORE_EXISTS"


class BackupProblem(DomainError):
    """What the operator asked for cannot be done; nothing was changed."""


class DocumentsElsewhere(BackupProblem):
    code = BackupErrorCode.DOCUMENTS_ELSEWHERE
    message = N_(
        "The documents are in MongoDB: its own tools copy them, as docs/operations.md tells."
    )


class NothingToBackUp(BackupProblem):
    code = BackupErrorCode.NOTHING_TO_BACK_UP
    message = N_("There is no store in {folder} yet.")


class NotABackup(BackupProblem):
    code = BackupErrorCode.NOT_A_BACKUP
    message = N_("This is no backup that this version can read.")


class BackupDamaged(BackupProblem):
    code = BackupErrorCode.BACKUP_DAMAGED
    message = N_("The backup is damaged at {name}. Nothing was restored.")


class StoreExists(BackupProblem):
    code = BackupErrorCode.STORE_EXISTS
    message = N_("{folder} holds a store already. Stop everything and move it away first.")
