"""A container's health check: `python -m config.probe ADDRESS [PART]`, ending with 0 when all, or that part, is well.

The standard library only, so that asking often costs little.
"""

import json
import sys
import urllib.error
import urllib.request


def main(address: str, part: str = "") -> int:
    """Ask; with a part, forgive what else is failing."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, headers={"Host": "localhost"})  # noqa: S310 - our own address
    try:
        with opener.open(request, timeout=4):
            return 0
    except urllib.error.HTTPError as error:
        return 0 if part and part not in json.loads(error.read())["failing"] else 1
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201 - shown by `docker inspect`
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
