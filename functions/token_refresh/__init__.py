"""Cloud Scheduler target: keeps the OAuth token fresh. Private."""
