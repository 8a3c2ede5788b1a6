"""All that knows Bitrix: client, auth, errors, batch, events, and the dialects behind one `Portal`."""
