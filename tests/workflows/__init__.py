"""The workflows: their rules, and their steps run on this machine."""
