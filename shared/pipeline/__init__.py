"""The pipeline: one event, one commit; jobs; permits to call the portal; the worker (ARCHITECTURE §3, §4).

It knows neither Bitrix nor Telegram: what a job asks and what a message looks like is handed in.
"""
