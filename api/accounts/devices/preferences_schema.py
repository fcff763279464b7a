import strawberry

from notifications.preferences import HazardKind, Preferences, WarningLevel

__all__ = ["WarningLevel", "WarningPreferences", "WarningPreferencesInput"]

strawberry.enum(HazardKind, description="What a warning may be of. All else cannot be muted.")
strawberry.enum(WarningLevel, description="How bad it is, the worst last.")


@strawberry.type(
    description="Which warnings come. An extreme one comes whatever is chosen here, at any hour."
)
class WarningPreferences:
    muted_hazards: list[HazardKind]
    least_level: WarningLevel = strawberry.field(description="Milder warnings do not come.")

    @classmethod
    def of(cls, record: Preferences) -> "WarningPreferences":
        return cls(muted_hazards=sorted(record.muted), least_level=record.least)


@strawberry.input(description="An extreme warning comes whatever is chosen here, at any hour.")
class WarningPreferencesInput:
    muted_hazards: list[HazardKind] = strawberry.field(
        default_factory=list, description="Warnings of these do not come."
    )
    least_level: WarningLevel = strawberry.field(
        default=WarningLevel.MINOR, description="Milder warnings do not come."
    )

    def requested(self) -> Preferences:
        return Preferences(frozenset(self.muted_hazards), self.least_level)
