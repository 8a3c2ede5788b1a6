"""What tests of several rooms share.

`clock` is time, `stores` and `queues` are what the bot keeps things in, `telegram` and `portal` are a Bot API and a
portal that answer what they were told to, `updates` and `events` are what the two send. `system` is the bot with both
simulators in this process, `sandbox` the same over real HTTP; `master` and `shop` are who acts there, `screens` what a
person sees. `servers` are servers on real sockets, `door` is a way to one on which nobody waits in vain, `fate` is
trouble at a chosen step, `logs` is what was logged.
"""
