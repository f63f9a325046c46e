#!/usr/bin/env python3
"""Prints bench.py's measurements as a Markdown table: bench_table.py FOLDER"""
import glob, json, math, os, statistics, sys

# Least time the memory traffic of a step can take on an H200 (4.3 TB/s); no such figure was derived for other cases or cards.
FLOOR_MS = {("resnet20_1w1a", 256, "NVIDIA H200"): 0.29}
PROGRAMS = ("reste", "official", "tuned")


def number(value, digits):
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def line(of, card):
    ms = {p: statistics.median(r["ms_median"] for r in of[p]) if of[p] else math.nan for p in PROGRAMS}
    ours, first = [r["ms_median"] for r in of["reste"]], of["reste"][0]
    floor = FLOOR_MS.get((first["network"], first["batch"], card))
    share = f"{floor / ms['reste']:.0%} of {floor} ms" if floor else "-"
    tuned = f"{number(ms['tuned'], 3)} ({of['tuned'][0]['how']})" if of["tuned"] else "-"
    return (f"| {first['network']} | {first['batch']} | {ms['reste']:.3f} ({min(ours):.3f} to {max(ours):.3f}) | "
            f"{number(ms['official'], 3)} | {tuned} | {number(ms['official'] / ms['reste'], 2)} | "
            f"{number(ms['tuned'] / ms['reste'], 2)} | {share} |")


def main(folder):
    paths = sorted(glob.glob(os.path.join(folder, "*.jsonl")), key=lambda p: (-int(p.split(".b")[-1].split(".")[0]), p))
    if not paths:
        print("nothing measured yet")
        return
    cases = [[json.loads(text) for text in open(path)] for path in paths]
    rows = [row for case in cases for row in case]
    peer = next((r for r in rows if "peer" in r), {"peer": "no PyTorch", "device": rows[0]["device"]})
    print("| network | batch | reste, ms (spread) | PyTorch official, ms | PyTorch tuned, ms (how) "
          "| official / reste | tuned / reste | share of the floor |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for case in cases:
        print(line({p: [r for r in case if r["program"] == p] for p in PROGRAMS}, peer["device"]))
    rounds = sorted({1 + max(r["round"] for r in case) for case in cases})
    loads = [r["load"] for r in rows]
    print(f"\nMedians over {' or '.join(map(str, rounds))} rounds in turn, each the median of its steps; {peer['peer']} on "
          f"{peer['device']}; load average {min(loads):.1f} to {max(loads):.1f}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
