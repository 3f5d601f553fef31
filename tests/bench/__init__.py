"""Benchmarks: `./run bench [NAME …]`. Each figure against a floor measured in the same run."""
