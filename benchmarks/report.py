"""The run as one JSON file and as the table of docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection

from benchmarks.counting import Count
from benchmarks.timing import Case
from config.local_servers import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- results begin: written by ./impeller bench -->", "<!-- results end -->"


def facts() -> dict[str, Any]:
    """The machine and the versions."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "cpu": cpu.group(1) if cpu else platform.processor(),
        "load": [round(one, 1) for one in os.getloadavg()],
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": postgres,
    }


def as_data(cases: list[Case], counts: dict[tuple[str, str], Count], extra: dict[str, Any]) -> dict[str, Any]:
    """Everything of the run."""
    rows = []
    for case in cases:
        counted = counts[case.screen.code, case.person]
        rows.append(
            {
                "screen": case.screen.code,
                "label": case.screen.label,
                "person": case.person,
                "ratio": round(case.ratio, 2),
                "ratio_min": round(min(case.ratios), 2),
                "ratio_max": round(max(case.ratios), 2),
                "cpu_ratio": round(case.cpu_ratio, 2),
                "cpu_ms": round(statistics.mean(mine for mine, _floor in case.cpu), 1),
                "floor_cpu_ms": round(statistics.mean(floor for _mine, floor in case.cpu), 2),
                "ms": round(case.ms, 1),
                "floor_ms": round(case.floor_ms, 1),
                "rounds": len(case.rounds),
                "dropped": case.dropped,
                "queries": counted.statements,
                "queries_cold": counted.cold,
                "sql_ms": round(counted.sql_ms, 1),
                "buffers": counted.buffers,
                "seq_scans": sorted(set(counted.scans)),
                "bytes": case.bytes,
                "wrong": case.wrong,
                "goal": case.screen.goal,
                "goal_queries": case.screen.queries,
                "peer": case.screen.peer,
            }
        )
    return {**extra, "screens": rows}


def table(data: dict[str, Any]) -> str:
    """The table people read: the normal user first, then what others pay."""
    by_key = {(row["screen"], row["person"]): row for row in data["screens"]}
    machine = data["facts"]
    lines = [
        f"Measured {machine['at'][:10]} · profile {data['profile']} ({data['customers']:,} customers, "
        f"{data['activities']:,} activities, {data['tickets']:,} tickets), seed {data['seed']} · "
        f"{machine['cores']} cores {machine['cpu']}, load {machine['load'][0]} · Python {machine['python']}, "
        f"Django {machine['django']}, PostgreSQL {machine['postgresql']} · F1 median {data['floor_ms']} ms "
        f"(F1-bare {data['bare_ms']} ms) · memory of product / floor {data['memory']} / {data['floor_memory']} MB",
        "",
        "| screen | PM × F1 (range) | goal | processor × F1 | processor ms | wall ms | queries | KB sent | BM × F1 | executive × F1 | PM ÷ executive | best rival* |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for (screen, person), row in by_key.items():
        if person != "pm":
            continue
        bm, ex = by_key[screen, "bm"], by_key[screen, "ex"]
        verdict = "✓" if row["ratio"] <= row["goal"] else "✗"
        fits = "" if row["queries"] <= row["goal_queries"] else f" (goal {row['goal_queries']})"
        fits += f", cold {row['queries_cold']}" if row["queries_cold"] != row["queries"] else ""
        lines.append(
            f"| {row['label']} | **{row['ratio']:.1f}** ({row['ratio_min']:.1f}–{row['ratio_max']:.1f}) {verdict} "
            f"| ≤ {row['goal']:g} | **{row['cpu_ratio']:.1f}** | {row['cpu_ms']:.0f} | {row['ms']:.0f} | {row['queries']}{fits} | {row['bytes'] / 1024:.0f} "
            f"| {bm['ratio']:.1f} | {ex['ratio']:.1f} | {row['ratio'] / ex['ratio']:.2f} | {row['peer']} |"
        )
    scans = [f"{row['screen']}/{row['person']}: {', '.join(row['seq_scans'])}" for row in data["screens"] if row["seq_scans"]]  # fmt: skip
    lines += ["", "Big tables read from end to end: " + ("; ".join(scans) if scans else "none") + "."]
    wrong = [f"{row['screen']}/{row['person']}: {row['wrong']}" for row in data["screens"] if row["wrong"]]
    if wrong:
        lines += ["", "Answers that do not count: " + "; ".join(wrong) + "."]
    return "\n".join(lines)


def write(data: dict[str, Any], folder: Path) -> Path:
    """Write the JSON; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{data['profile']}-{data['facts']['at'][:10]}.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def publish(data: dict[str, Any]) -> None:
    """Put the table into the page between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table(data)}\n{END}{after}", encoding="utf-8")


def floor_of(cases: list[Case]) -> float:
    """The run's F1."""
    return round(statistics.median(case.floor_ms for case in cases), 1)
