"""What tests of several rooms share.

`clock` is time, `stores` and `queues` are what the bot keeps things in, `telegram` is a Bot API that answers what it
was told to, `system` is the bot with both simulators in this process, `servers` are servers on real sockets, `fate` is
trouble at a chosen step, `logs` is what was logged.
"""
