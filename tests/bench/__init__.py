"""The comparison tables of tests/bench/run."""
