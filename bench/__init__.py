"""Measurements that are no tests: the benchmark against other generators, and the corpus of TeX."""
