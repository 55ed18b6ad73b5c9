"""Benchmarks: `make bench` prints ratios against named baselines, all measured in one run; nothing fails on time."""
