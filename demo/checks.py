"""What the demo checks of itself."""


class Checks:
    """Collects expectations, and prints them at the end."""

    def __init__(self) -> None:
        self._results: list[tuple[str, bool]] = []

    def expect(self, what: str, holds: bool) -> None:
        """Note whether `what` holds."""
        self._results.append((what, holds))

    def report(self) -> int:
        """Print every check; return 0 when all passed, else 1."""
        print("\nChecks")
        for what, holds in self._results:
            print(f"  {'passed' if holds else 'FAILED'}  {what}")
        failed = sum(not holds for _, holds in self._results)
        print(f"\n{len(self._results) - failed} passed, {failed} failed")
        return 1 if failed else 0
