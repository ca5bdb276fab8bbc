"""Tests of the reader of configurations."""
