#!/usr/bin/env python3
"""Prints the kernels of a step, those that take most first: profile_table.py FILE.csv STEPS

Reads what nsys stats (cuda_gpu_kern_sum) or ncu (--csv, gpu__time_duration) wrote; fails where it finds no kernel in it. The account of
kernels/README.md reads the table.
"""
import collections, csv, sys


def number(text):
    return float(text.replace(",", ""))


def rows(path):
    lines = [line for line in open(path) if line.startswith('"') or "," in line]
    start = next((i for i, line in enumerate(lines) if "Kernel Name" in line or "Total Time" in line), None)
    if start is None:
        raise SystemExit("no table of kernels in " + path)
    for row in csv.DictReader(lines[start:]):
        if row.get("Metric Name") == "gpu__time_duration.sum":
            yield row["Kernel Name"], 1, number(row["Metric Value"])
        elif row.get("Total Time (ns)"):
            yield row["Name"], int(number(row["Instances"])), number(row["Total Time (ns)"])


def main(path, steps):
    time, count = collections.Counter(), collections.Counter()
    for name, instances, nanoseconds in rows(path):
        name = name.split("(")[0]
        time[name] += nanoseconds
        count[name] += instances
    if not time:
        raise SystemExit("no kernel in " + path)
    total = sum(time.values())
    print(f"{total / steps / 1e3:.1f} us of kernels a step, {sum(count.values()) / steps:g} launches, means over {steps} steps")
    print(f"{'kernel':44} {'us a step':>10} {'launches':>9} {'us each':>9} {'share':>7}")
    for name, nanoseconds in time.most_common():
        print(f"{name:44} {nanoseconds / steps / 1e3:10.1f} {count[name] / steps:9g} "
              f"{nanoseconds / count[name] / 1e3:9.2f} {nanoseconds / total:7.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
