"""Cloud Scheduler target: sweeps up what a crash left behind. Private."""
