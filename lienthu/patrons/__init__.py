"""Readers: who they are, their cards, guardians, blocks and consents."""
