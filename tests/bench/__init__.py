"""Benchmarks: `./run bench [NAME …]`. Each figure against a floor measured in the same run."""

from tests import forced  # noqa: F401 - sessions of benches are complete
