"""Collaborative mazes: two agents, half a map each, one route."""
