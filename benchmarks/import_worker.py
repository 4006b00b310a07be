"""A worker of nothing but imports, to be killed: `python -m benchmarks.import_worker`. It says `ready` when it begins."""

import time

import django

if __name__ == "__main__":
    django.setup()
    from core.outbox import deliver_due
    from crm.imports.intake import KIND

    print("ready", flush=True)
    while True:
        if not deliver_due(KIND):
            time.sleep(0.05)
