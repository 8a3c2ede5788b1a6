"""The wiring of containers, part by part: each module imports no more than the functions that use it need."""
