"""What a master can do.

One folder per capability, each with handlers (what he does), jobs (what Bitrix is asked) and screens (what he sees).
Every Russian sentence is in `texts`, every button in `buttons`.
"""
