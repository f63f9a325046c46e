"""Opens PyTorch files that `reste convert` wrote, as a user of PyTorch would, and loads them into the published ResNet-20.

    python3 build/peers/published_resnet20.py FILE... [--logits EXPECTED]

Each FILE must open with weights_only=True and fit the network strictly. With --logits the first one must also give the logits recorded in
EXPECTED, a safetensors file of tests/reference-data/checkpoints.
"""
import argparse
import json
import struct
import sys

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F


class BinaryConv(nn.Conv2d):
    """The sign of the input with the sign of the weight, and one scale: the mean magnitude of all weights."""

    def forward(self, x):
        return F.conv2d(torch.sign(x), torch.sign(self.weight), None, self.stride, self.padding) * self.weight.abs().mean()


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = BinaryConv(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = BinaryConv(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.grows = stride != 1

    def forward(self, x):
        y = self.bn1(F.relu(self.conv1(x)))
        y = self.bn2(F.relu(self.conv2(y)))
        if self.grows:
            pad = (y.shape[1] - x.shape[1]) // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, pad, pad))
        return y + x


class ResNet20(nn.Module):
    """Module names as the published trainer has them: they are the keys of its checkpoints."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = self.stage(16, 16), self.stage(16, 32), self.stage(32, 64)
        self.bn2, self.linear = nn.BatchNorm1d(64), nn.Linear(64, classes)

    @staticmethod
    def stage(inputs, outputs):
        return nn.Sequential(Block(inputs, outputs, outputs // inputs), Block(outputs, outputs, 1), Block(outputs, outputs, 1))

    def forward(self, x):
        x = self.bn1(F.relu(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(self.bn2(x.mean((2, 3))))


def symmetric(name, count):
    """Numbers as functions of their name: tests/reference-data/README.md."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(state) + (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z ^= z >> numpy.uint64(31)
    return (2 * (z >> numpy.uint64(40)).astype(numpy.float64) / 2**24 - 1).astype(numpy.float32)


def recorded(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    entry = header["eval_logits"]
    begin, end = entry["data_offsets"]
    logits = numpy.frombuffer(data[8 + length + begin:8 + length + end], numpy.float32).reshape(entry["shape"])
    return header["__metadata__"]["prefix"], torch.from_numpy(logits.copy())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--logits")
    given = parser.parse_args()
    for number, path in enumerate(given.files):
        saved = torch.load(path, map_location="cpu", weights_only=True)
        network = ResNet20().eval()
        network.load_state_dict(saved["state_dict"], strict=True)
        same = list(saved["state_dict"]) == list(network.state_dict())
        print(f"{path}: {sorted(saved)}, {len(saved['state_dict'])} tensors, strict, {'in' if same else 'not in'} the network's order")
        if not same:
            sys.exit(1)
        if number == 0 and given.logits:
            prefix, logits = recorded(given.logits)
            images = torch.from_numpy(2 * symmetric(f"{prefix}/checkpoint/input0", len(logits) * 3 * 32 * 32)).reshape(-1, 3, 32, 32)
            with torch.no_grad():
                distance = ((network(images) - logits).norm() / logits.norm()).item()
            print(f"{path}: logits {distance:.1e} from the recorded ones")
            if distance > 1e-4:
                sys.exit(1)


main()
