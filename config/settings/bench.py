"""The benchmark: as production would answer, with the local servers and keys of `./impeller bench`."""

from config.settings.dev import *  # noqa: F403

DEBUG = False
DEMO = False
