"""Measures the project beside a stock Rasa project; see docs/benchmarks.md."""
