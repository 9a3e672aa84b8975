"""Speed and memory, against peers and against the limit. Prints; asserts nothing, because a time is not a property of the code."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIMIT = 12 * 10**9  # bytes of memory at which a way is stopped


def main(copies: list[int]) -> None:
    """Measure the study, the customer table, how files are loaded (how fast, and how rightly), and the experiment table."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        work = Path(folder)
        study(work)
        customer_table(work, copies)
        loading(work, int(os.environ.get("LINES") or 10_000_000))
        broken_files(work, Path(os.environ["BROKEN"]) if os.environ.get("BROKEN") else None)
        experiment_table(work)


def study(work: Path) -> None:
    """Print the seconds of the whole study, by notebook and part, and of the same command with nothing changed."""
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(work)}
    command = [sys.executable, "-m", "analysis", "report", "complete-journey"]
    print("The study complete-journey, environment there and nothing cached")
    first = _timed(command, environment)
    steps = json.loads((work / "reports/complete-journey/manifest.json").read_text())["steps"]
    print(f"{'notebook':<12}{'start':>8}{'imports':>9}{'work':>8}{'page':>8}   seconds")
    for name, step in steps.items():
        parts = step["seconds"]
        print(f"{name:<12}{parts['start']:>8.1f}{parts['imports']:>9.1f}{parts['work']:>8.1f}{parts['page']:>8.1f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"whole study {first:.1f} s, largest process {peak:.2f} GB (aim: 45 s and 2 GB on two cores)")
    print(f"nothing changed {_timed(command, environment):.1f} s (aim: 2 s)\n")


def customer_table(work: Path, copies: list[int]) -> None:
    """Print seconds, CPU seconds and peak memory of the customer table for each size and way, and the ratio to SQL."""
    print("The customer table (one row per customer from all order lines)")
    print(f"{'copies':>7}{'way':>9}{'seconds':>9}{'cpu':>8}{'GB':>7}{'to SQL':>8}")
    for number in copies:
        lines = work / f"orders_{number}.parquet"
        subprocess.run([sys.executable, str(HERE / "customer_table.py"), "copies", str(work), str(number)], check=True)
        measured = {}
        for way in ("sql", "ours", "pandas"):
            runs = [_worker(way, work, number) for _ in range(3 if number < 100 else 1)]
            measured[way] = min(runs, key=lambda run: run["seconds"]) if all(runs) else None
        for way, run in measured.items():
            if run is None:
                print(f"{number:>7}{way:>9}   stopped at 12 GB")
            else:
                print(
                    f"{number:>7}{way:>9}{run['seconds']:>9.2f}{run['cpu']:>8.2f}{run['gigabytes']:>7.2f}"
                    f"{run['seconds'] / measured['sql']['seconds']:>8.2f}"
                )
        lines.unlink()


def experiment_table(work: Path, number: int = 10_000_000) -> None:
    """Print seconds, CPU seconds and peak memory of the experiment table for each way, the ratio to SQL, and how far they agree."""
    print(
        f"\nThe experiment table (mean, adjusted mean, ratio and rate of {number:,} customers; aim: 1.5 times the SQL)"
    )
    print(f"{'way':>12}{'seconds':>9}{'cpu':>8}{'GB':>7}{'to SQL':>8}{'farthest apart':>16}")
    command = [sys.executable, str(HERE / "experiment_table.py")]
    subprocess.run([*command, "customers", str(work), str(number)], check=True)
    measured: dict[str, dict] = {}
    for way in ("sql", "ours", "tea-tasting"):
        runs = [
            subprocess.run([*command, way, str(work), str(number)], stdout=subprocess.PIPE, text=True) for _ in range(3)
        ]
        if any(run.returncode for run in runs):
            print(f"{way:>12}   not installed, or it failed: {runs[0].stdout.strip() or 'see above'}")
            continue
        run = min((json.loads(run.stdout.splitlines()[-1]) for run in runs), key=lambda run: run["seconds"])
        measured[way] = run
        first = measured[next(iter(measured))]
        pairs = [(a, b) for name in run["found"] for a, b in zip(run["found"][name], first["found"][name], strict=True)]
        apart = max(abs(a - b) / abs(b) for a, b in pairs)
        print(
            f"{way:>12}{run['seconds']:>9.2f}{run['cpu']:>8.2f}{run['gigabytes']:>7.2f}"
            f"{run['seconds'] / first['seconds']:>8.2f}{apart:>16.1e}"
        )


def loading(work: Path, lines: int) -> None:
    """Print what it takes to load order lines into typed Parquet: ours against DuckDB in its strictest way, on the same file."""
    print(
        f"\nLoading CSV into typed Parquet, {lines:,} order lines of 8 columns (a tenth of them quoted or in GB18030)"
    )
    print(
        f"{'file':<9}{'way':>8}{'seconds':>9}{'cpu':>8}{'MB':>7}{'cpu to DuckDB':>15}   (aim: 2 and 600 MB on the clean file)"
    )
    for kind, number in {"clean": lines, "quoted": lines // 10, "gb18030": lines // 10}.items():
        file = work / f"{kind}_{number}.csv"
        subprocess.run([sys.executable, str(HERE / "loading.py"), "make", str(work), str(number), kind], check=True)
        strict = _run("loading.py", "duckdb", file) if kind != "gb18030" else None  # DuckDB does not read GB18030
        for way, run in {"duckdb": strict, "ours": _run("loading.py", "ours", file)}.items():
            if run:
                ratio = f"{run['cpu'] / strict['cpu']:>15.2f}" if strict else ""
                print(f"{kind:<9}{way:>8}{run['seconds']:>9.1f}{run['cpu']:>8.1f}{run['megabytes']:>7.0f}{ratio}")
        file.unlink()


def broken_files(work: Path, folder: Path | None) -> None:
    """Print how often each reader is right, says that it is not, or is silently wrong, on a folder of pairs or on files made here."""
    if folder is None:
        folder = work / "broken_files"
        subprocess.run([sys.executable, str(HERE / "broken_files.py"), "make", str(folder), "1000"], check=True)
    print(f"\nBroken files of {folder.name}")
    print(f"{'reader':<15}{'files':>7}{'equal':>8}{'told':>8}{'silently wrong':>16}")
    for reader in ("ours", "typed", "duckdb_auto", "duckdb_strict", "pandas", "polars", "pyarrow"):
        run = _run("broken_files.py", reader, folder)
        shares = [f"{run[name] / run['files']:.1%}" for name in ("equal", "told", "silent")]
        print(f"{reader:<15}{run['files']:>7}{shares[0]:>8}{shares[1]:>8}{shares[2]:>16}")


def _run(script: str, *arguments: object) -> dict:
    """Run one way in a process of its own and return what it printed."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def _worker(way: str, work: Path, number: int) -> dict | None:
    """Run one way in a process of its own and return what it printed, or None when it was stopped at the limit."""
    command = [sys.executable, str(HERE / "customer_table.py"), way, str(work), str(number)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while running.poll() is None:
        if _resident(running.pid) > LIMIT:
            running.kill()
            running.wait()
            return None
        time.sleep(0.02)
    printed = running.stdout.read()
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
    return json.loads(printed.splitlines()[-1])


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()


def _timed(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main([int(number) for number in (os.environ.get("COPIES") or "1 10 100").split()])
