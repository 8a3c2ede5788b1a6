"""`assistant preflight`, `assistant config`: portal, bot and settings looked at before masters come (spec §6).

Everything is asked through the parts the functions themselves are made of, so what passes here is what runs there. Only
`--happy-paths` changes anything at the portal; the probes of the webhooks are forgotten after ten minutes.
"""
