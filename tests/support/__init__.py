"""What tests of several rooms share.

`clock` is time, `stores` and `queues` are what the bot keeps things in, `telegram` and `portal` are a Bot API and a
portal that answer what they were told to, `system` is the bot with both simulators in this process, `servers` are
servers on real sockets, `fate` is trouble at a chosen step, `logs` is what was logged.
"""
