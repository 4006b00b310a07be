"""`./impeller bench --imports ROWS`: a customer file through the worker's code, beside COPY of the very same rows."""

from __future__ import annotations

import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

IMPORTER, READER = "co01", "pm01"
TABLES = (
    ("crm_customer", "import_batch_id = {batch}"),
    ("crm_customerfacts", "customer_id IN (SELECT id FROM crm_customer WHERE import_batch_id = {batch})"),
    ("crm_contact", "customer_id IN (SELECT id FROM crm_customer WHERE import_batch_id = {batch})"),
    ("core_auditentry", "(data->>'batch')::bigint = {batch} AND code LIKE 'crm.%customer'"),
)
"""What one accepted row leaves behind, with all indexes; the floor is COPY into tables made LIKE these."""

HEADERS = "客户名称,简称,省份,城市,详细地址,行业,客户类型,企业性质,企业规模,来源,标签,备注,网址,总机,联系人,职务,部门,手机,邮箱,微信"
SYLLABLES = "华云恒泰金石远大立信德正清源明海润江河山川东南西北中天地人和平安康宁福禄寿喜盛隆昌达通顺兴旺"
PLACES = (
    "河北省,石家庄市",
    "山西省,太原市",
    "北京市,北京市",
    "天津市,天津市",
    "上海市,上海市",
    "广东省,广州市",
)


def lines(rows: int, *, broken: float = 0.0, seed: int = 7) -> Iterator[str]:
    """Twenty columns a row; `broken` is the share of rows with a phone that is none."""
    dice = random.Random(seed)
    for number in range(rows):
        word = "".join(dice.choices(SYLLABLES, k=4))
        phone = "12345" if dice.random() < broken else f"141{(number * 7919 + seed * 104729) % 10**8:08d}"
        yield (
            f"{word}{number}机电设备有限公司,{word}{number},{PLACES[number % 6]},中山路 {number} 号,水务,end_user,local_soe,,fair,"
            f"水泵;{seed},备注 {number},https://example.com/{number},010-88880000,周{word[:2]},部长,设备部,{phone},"
            f"c{number}@example.com,wx{number}"
        )


def file_of(folder: Path, name: str, rows: int, **how: Any) -> Path:
    """A CSV file as a spreadsheet would save it."""
    path = folder / f"{name}.csv"
    path.write_text("\r\n".join([HEADERS, *lines(rows, **how), ""]), encoding="utf-8")
    return path


def work(path: Path) -> dict[str, Any]:
    """In a process of its own: the whole way from the file to the last row, with what it cost."""
    from accounts.models import User
    from core.clock import db_now
    from crm.imports.intake import take_upload, wait_for

    by = User.objects.get(username=IMPORTER)
    database = database_seconds()
    marks: list[tuple[float, float]] = []

    def mark() -> None:
        marks.append((time.perf_counter(), time.process_time() + database()))

    mark()

    batch = take_upload(by=by, now=db_now(), file_name=path.name, content=path.read_bytes())
    mark()
    batch = batch.map_columns(by=by, mapping=batch.mapping, constants=batch.constants)
    batch = wait_for(batch.dry_run(by=by))
    mark()
    batch = wait_for(batch.start(by=by))
    mark()
    wall = [round(after[0] - before[0], 2) for before, after in pairwise(marks)]
    cpu = [round(after[1] - before[1], 2) for before, after in pairwise(marks)]
    return {"batch": batch.pk, "counts": batch.counts(), "wall": wall, "cpu": cpu, "peak_mb": peak_mb()}


def peak_mb(process: int | str = "self") -> int:
    """The most memory a living process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def database_seconds() -> Callable[[], float]:
    """A clock of the processor time that our session's server process has spent."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(path.read_text().split()[0]) / 1e9


def floor(batch: int) -> dict[str, tuple[float, float]]:
    """Seconds by the wall and of the processor that COPY takes for the rows the batch left, table by table, with the same
    indexes and constraints."""
    from django.db import connection

    from config.db_roles import acting_as_owner

    seconds: dict[str, tuple[float, float]] = {}
    with acting_as_owner(), connection.cursor() as cursor:
        database = database_seconds()
        for table, condition in TABLES:
            rows = io.StringIO()
            where = condition.format(batch=batch)
            cursor.copy_expert(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT", rows)
            cursor.execute(f"CREATE TABLE bench_copy (LIKE {table} INCLUDING ALL)")
            rows.seek(0)
            began, spent = time.perf_counter(), database()
            cursor.copy_expert("COPY bench_copy FROM STDIN", rows)
            seconds[table] = (round(time.perf_counter() - began, 3), round(database() - spent, 3))
            cursor.execute("DROP TABLE bench_copy")
    return seconds


@contextmanager
def importing(path: Path) -> Iterator[subprocess.Popen[str]]:
    """The import in a process of its own, as the worker is."""
    command = [sys.executable, "-m", "benchmarks.imports", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def measure(path: Path, client: Any) -> dict[str, Any]:
    """Run one file, asking for another user's list all the while."""
    alone = [client.get("/crm/customers/").ms for _time in range(40)]
    during = []
    with importing(path) as process:
        while process.poll() is None:
            during.append(client.get("/crm/customers/").ms)
            time.sleep(0.05)
        told = process.stdout.read() if process.stdout else ""
    found = json.loads(re.findall(r"^\{.*\}$", told, re.MULTILINE)[-1])
    found["list_ms"] = [round(statistics.median(alone), 1), round(statistics.median(during), 1)]
    found["load"] = os.getloadavg()[0]
    return found


def line_of(name: str, rows: int, found: dict[str, Any], copied: tuple[float, float]) -> str:
    """One line of the table; `copied` is COPY of the clean file's rows, which the other files are measured by too."""
    wall, cpu = sum(found["wall"]), sum(found["cpu"])
    alone, during = found["list_ms"]
    return (
        f"| {name} | {rows} | {found['wall'][0]} + {found['wall'][1]} + {found['wall'][2]} | {cpu:.1f} "
        f"| {rows / wall:.0f} | {copied[0]:.2f}, {copied[1]:.2f} | ×{wall / copied[0]:.1f}, ×{cpu / copied[1]:.1f} "
        f"| {found['peak_mb']} | {alone} → {during} ×{during / alone:.1f} | {found['load']:.1f} |"
    )


def report(folder: Path, rows: int, client: Any) -> None:
    """Clean, three rows in ten broken, all known already: each beside COPY of the clean file's rows."""
    files = {
        "clean": file_of(folder, "clean", rows),
        "30 % errors": file_of(folder, "errors", rows, broken=0.3, seed=8),
        "all duplicates": file_of(folder, "again", rows),
    }
    print(
        "| file | rows | seconds: read + check + import | CPU s | rows/s | COPY s, CPU | ratio, CPU | peak MB | list ms | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    copied = (0.0, 0.0)
    for name, path in files.items():
        found = measure(path, client)
        if not copied[0]:
            tables = floor(found["batch"])
            copied = (sum(wall for wall, _cpu in tables.values()), sum(cpu for _wall, cpu in tables.values()))
            print(f"  {tables}", file=sys.stderr)
        print(line_of(name, rows, found, copied), flush=True)
        print(f"  {found['counts']}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(work(Path(sys.argv[1]))))
