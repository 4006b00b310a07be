"""Where browser tests find a Chromium, and what to say when there is none."""

import os
import shutil


def find() -> str | None:
    """Return a Chromium's program: CHROMIUM, else one on the PATH."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    return None


def hint() -> str:
    """Return how to get a browser when there is none, else nothing."""
    if find():
        return ""
    return (
        "浏览器测试已跳过：找不到 Chromium。安装方法：apt install chromium fonts-noto-cjk，或用 CHROMIUM=/路径 指明。\n"
        "Browser tests were skipped: no Chromium. Get one with `apt install chromium fonts-noto-cjk`, "
        "or name it with CHROMIUM=/path."
    )
