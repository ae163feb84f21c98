"""Entries, evidence, checker, statistics, site and command line."""
