"""Inspect entry point: importing this module registers the tasks and the reference provider."""
