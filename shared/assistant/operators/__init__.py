"""The operators' own side: what they write in their chat."""
