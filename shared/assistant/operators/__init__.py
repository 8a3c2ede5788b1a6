"""The operators' side: what they write in their chat."""
