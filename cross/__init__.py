"""The front of the house and its foundations."""

from cross.celery import app as celery_app  # tasks are sent through it, whoever sends them

__all__ = ["celery_app"]
