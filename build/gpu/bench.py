#!/usr/bin/env python3
"""Times training steps of reste and of PyTorch in turn on one GPU.

For each network and batch size PyTorch's two programs are started, warmed up and left waiting; then, round by round, each of the
three is measured while the others idle. One JSON line a measurement goes to FOLDER/<network>.b<batch>.jsonl, which appears when
all rounds are there; what is there is not measured again. A network that fails leaves the others their turn. Exit 1: one failed; 130: out
of time, call again.

  bench.py FOLDER --reste PROGRAM --device cuda --deadline UNIX_SECONDS [--rounds 5] [--batches 256,128] [--networks NAME,...]
"""
import argparse, json, os, subprocess, sys, tempfile, threading, time

PEER = os.path.join(os.path.dirname(__file__), "..", "peers", "pytorch_peer.py")
# Flags of both programs, data set first; the larger networks take fewer steps.
NETWORKS = {
    "resnet20_1w1a": (["cifar10", "resnet20_1w1a"], 1),
    "vgg_small_1w1a": (["cifar10", "vgg_small_1w1a"], 2),
    "resnet18_1w1a": (["cifar10", "resnet18_1w1a"], 2),
    "resnet18_1w1a_imagenet": (["imagenet", "resnet18_1w1a"], 5),
    "resnet20_1w32a": (["cifar10", "resnet20_1w1a", "--a32"], 1),
    "resnet20": (["cifar10", "resnet20"], 1),
}
# What a careful user would try, the fastest first; whether it works depends on the machine's PyTorch, Triton and compiler.
TUNED = (["--compile", "default", "--graph"], ["--compile", "reduce-overhead"], ["--compile", "none", "--graph"], ["--compile", "none"])
SECONDS_PER_CASE = 90
SECONDS_TO_END = 5


class OutOfTime(Exception):
    pass


class Failed(Exception):
    pass


def warmup(a, steps):
    return max(1, a.warmup * steps // a.steps)


def seconds_left(a):
    return max(1, min(a.deadline - time.time() - SECONDS_TO_END, 1e6))


class Waiting:
    """A warmed-up PyTorch program that measures when asked."""
    def __init__(self, a, flags, steps, log):
        command = [a.python, PEER, "--device", a.peer_device, "--steps", str(steps), "--warmup", str(warmup(a, steps)), "--on-demand"]
        command += flags
        log.write("$ " + " ".join(command) + "\n")
        log.flush()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        # What waits for a compiler is stopped in time for the table of what is there.
        self.limit = threading.Timer(seconds_left(a), self.process.kill)
        self.limit.daemon = True
        self.limit.start()
        self.is_ready = self.process.stdout.readline().strip() == "ready"
        if not self.is_ready and self.was_stopped():
            self.close()
            raise OutOfTime

    def was_stopped(self):
        return not self.limit.is_alive()

    def measure(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            raise OutOfTime if self.was_stopped() else Failed("PyTorch's step ended early: see the log")

    def close(self):
        self.limit.cancel()
        try:
            self.process.communicate(timeout=SECONDS_TO_END)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


def start_tuned(a, flags, steps, log, variants):
    """The first variant that works; those that do not are dropped for the networks to come."""
    while variants:
        waiting = Waiting(a, ["--mode", "tuned", *flags, *variants[0]], steps, log)
        if waiting.is_ready:
            return waiting
        waiting.close()
        print(f"PyTorch tuned does not run with {' '.join(variants[0])}: see the log", flush=True)
        variants.pop(0)
    raise Failed("PyTorch's tuned step does not run at all")


def measure_ours(a, flags, batch, steps):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "step.json")
        command = [a.reste, "bench", "step", "--device", a.device, "--batch", str(batch), "--steps", str(steps),
                   "--warmup", str(warmup(a, steps)), "--json", path]
        try:
            done = subprocess.run(command + flags, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds_left(a))
        except subprocess.TimeoutExpired:
            raise OutOfTime
        if done.returncode:
            raise Failed(f"reste: exit code {done.returncode}: {(done.stdout.strip() or 'no word').splitlines()[-1]}")
        return json.load(open(path))


def start_peers(a, flags, steps, log, variants, peers):
    if a.official:
        official = Waiting(a, ["--mode", "official", *flags], steps, log)
        peers.append(("official", official))
        if not official.is_ready:
            raise Failed("PyTorch's official step does not run: see " + log.name)
    if a.tuned:
        peers.append(("tuned", start_tuned(a, flags, steps, log, variants)))


def run_case(a, name, batch, variants, log):
    (dataset, model, *more), share = NETWORKS[name]
    steps = max(1, a.steps // share)
    our_flags = ["--dataset", dataset, "--model", model, *more]
    peers, rows = [], []
    try:
        start_peers(a, ["--batch", str(batch), "--model", f"{dataset}/{model}", *more], steps, log, variants, peers)
        for round in range(a.rounds):
            if time.time() > a.deadline - SECONDS_TO_END:
                raise OutOfTime
            ours = ("reste", lambda: measure_ours(a, our_flags, batch, steps))
            for program, measure in (ours, *((program, waiting.measure) for program, waiting in peers)):
                rows.append({"program": program, "network": name, "batch": batch, "round": round, "load": os.getloadavg()[0],
                             **measure()})
    finally:
        for _, waiting in peers:
            waiting.close()
    return rows


def measure_missing(a, variants, log):
    """What is not there yet, in order; exit code."""
    code = 0
    for batch in map(int, a.batches.split(",")):
        for name in a.networks.split(","):
            path = os.path.join(a.folder, f"{name}.b{batch}.jsonl")
            if os.path.exists(path):
                continue
            if a.deadline - time.time() < min(SECONDS_PER_CASE, 15 * a.rounds):
                return code or 130
            print(f"{name}, batch {batch}: {a.rounds} rounds", flush=True)
            try:
                rows = run_case(a, name, batch, variants, log)
            except OutOfTime:
                return code or 130
            except Failed as failure:
                print(f"{name}, batch {batch}, failed: {failure}", flush=True)
                code = 1
                continue
            with open(path + ".new", "w") as f:
                f.writelines(json.dumps(row) + "\n" for row in rows)
            os.replace(path + ".new", path)
    return code


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder")
    p.add_argument("--reste", required=True)
    p.add_argument("--device", default="cuda")
    p.add_argument("--peer-device", default="cuda")
    p.add_argument("--python", default=sys.executable)
    p.add_argument("--deadline", type=float, default=float("inf"))
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--batches", default="256,128")
    p.add_argument("--steps", type=int, default=50)
    p.add_argument("--warmup", type=int, default=15)
    p.add_argument("--networks", default=",".join(NETWORKS))
    p.add_argument("--official", action=argparse.BooleanOptionalAction, default=True, help="PyTorch as published")
    p.add_argument("--tuned", action=argparse.BooleanOptionalAction, default=True, help="PyTorch tuned too; compiling it takes a minute")
    a = p.parse_args()
    variants = list(TUNED if a.peer_device == "cuda" else TUNED[-1:])
    with open(os.path.join(a.folder, "pytorch.log"), "a") as log:
        return measure_missing(a, variants, log)


if __name__ == "__main__":
    sys.exit(main())
