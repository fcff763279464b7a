"""Why a migration is not run."""

from enum import StrEnum

from api.kit.errors import N_, DomainError


class MigrationErrorCode(StrEnum):
    MIGRATION_RUNNING = "MIGRATION_RUNNING"


class MigrationRunning(DomainError):
    code = MigrationErrorCode.MIGRATION_RUNNING
    message = N_("Another process is running {migration}. Wait for it, or a minute if it died.")
