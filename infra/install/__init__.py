"""How this project's environments are made: pinned files, a pinned pip, and a virtual environment for each purpose.

Standard library only: it runs before anything is installed.
"""
