"""The pipeline: one event, one commit; jobs; permits to call the portal; the worker.

It knows neither Bitrix nor Telegram: what a job asks and what a message looks like is handed in.

See shared/pipeline/README.md, «One commit», «Jobs and permits».
"""
