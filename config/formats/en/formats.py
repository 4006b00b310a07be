"""The same in both languages; config/formats/zh_Hans/formats.py says what."""

from config.formats.zh_Hans.formats import *  # noqa: F403
