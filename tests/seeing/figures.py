"""Figures, as Prometheus reads them."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True, slots=True)
class Figures:
    registry: CollectorRegistry

    def text(self) -> str:
        return generate_latest(self.registry).decode()

    def names(self) -> frozenset[str]:
        """Return the name of every sample, and what Prometheus derives of each from its declaration."""
        return names_told(self.text())

    def labels(self) -> frozenset[tuple[str, str]]:
        """Return each name with each of its labels, of what is only declared too."""
        collectors = getattr(self.registry, "_names_to_collectors")  # noqa: B009 - told nowhere else
        declared = {
            (name, label)
            for name, collector in collectors.items()
            for label in getattr(collector, "_labelnames", ())
        }
        told = {
            (sample.name, label)
            for family in self.registry.collect()
            for sample in family.samples
            for label in sample.labels
        }
        return frozenset(declared | told)

    def of(self, name: str, **labels: str) -> float:
        """Return a value; 0 for what has not been counted."""
        return self.registry.get_sample_value(name, labels) or 0.0

    def values(self, name: str, label: str) -> frozenset[str]:
        """Return the values that a label has."""
        return frozenset(
            sample.labels[label]
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
            if sample.name == name
        )


def names_told(text: str) -> frozenset[str]:
    """Return the names of the samples, those that a declaration promises included."""
    names: set[str] = set()
    for family in text_string_to_metric_families(text):
        endings = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}
        names.update(f"{family.name}{ending}" for ending in endings.get(family.type, ("",)))
        names.update(sample.name for sample in family.samples)
    return frozenset(names)
