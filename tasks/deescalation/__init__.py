"""Angry conversations: does an assistant make them worse, and do process rules in its system prompt help?"""
