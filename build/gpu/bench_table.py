#!/usr/bin/env python3
"""Prints bench.py's measurements as a Markdown table: bench_table.py FOLDER"""
import glob, json, os, statistics, sys

# Least time the memory traffic of a step can take on an H200 (4.3 TB/s); no such figure was derived for other cases or cards.
FLOOR_MS = {("resnet20_1w1a", 256, "NVIDIA H200"): 0.29}


def main(folder):
    print("| network | batch | reste, ms (spread) | PyTorch official, ms | PyTorch tuned, ms (how) "
          "| official / reste | tuned / reste | share of the floor |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    loads = []
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl")), key=lambda p: (-int(p.split(".b")[-1].split(".")[0]), p)):
        rows = [json.loads(line) for line in open(path)]
        loads += [r["load"] for r in rows]
        of = {p: [r for r in rows if r["program"] == p] for p in ("reste", "official", "tuned")}
        ms = {p: statistics.median(r["ms_median"] for r in of[p]) if of[p] else float("nan") for p in of}
        ours, first = [r["ms_median"] for r in of["reste"]], (of["official"] + of["tuned"])[0]
        floor = FLOOR_MS.get((first["network"], first["batch"], first["device"]))
        share = f"{floor / ms['reste']:.0%} of {floor} ms" if floor else "-"
        print(f"| {first['network']} | {first['batch']} | {ms['reste']:.3f} ({min(ours):.3f} to {max(ours):.3f}) | {ms['official']:.3f} | "
              f"{ms['tuned']:.3f} ({of['tuned'][0]['how'] if of['tuned'] else 'not measured'}) | {ms['official'] / ms['reste']:.2f} | "
              f"{ms['tuned'] / ms['reste']:.2f} | {share} |")
    if loads:
        print(f"\nMedians over {len(of['reste'])} rounds in turn, each the median of its steps; {first['peer']} on {first['device']}; "
              f"load average {min(loads):.1f} to {max(loads):.1f}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
