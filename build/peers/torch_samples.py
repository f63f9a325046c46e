"""Writes the small PyTorch files of tests/kept/torch: every type, view and wrapping that the reader should know.

    python3 build/peers/torch_samples.py FOLDER

The tests know the numbers: element i of a tensor is (i + 1) / 4 before it is rounded to its type.
"""
import argparse
import collections
import os
import sys

import numpy
import torch


def numbers(*shape):
    count = int(numpy.prod(shape))
    return ((torch.arange(count, dtype=torch.float64) + 1) / 4).reshape(shape)


def state_dict():
    state = collections.OrderedDict()
    types = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
    for name in types:
        state[name] = numbers(2, 3).to(getattr(torch, name))
    state["scalar"] = torch.tensor(7)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(numbers(4).float())
    whole = numbers(4, 6).float()
    state["whole"] = whole
    state["tied"] = whole
    state["transposed"] = whole.t()
    state["sliced"] = whole[1:3, 2::2]
    state["expanded"] = torch.tensor(0.25).expand(3, 2)
    state["channels_last"] = numbers(2, 3, 2, 2).float().to(memory_format=torch.channels_last)
    return state


def main(folder):
    os.makedirs(folder, exist_ok=True)
    state = state_dict()
    optimizer = {"state": {0: {"momentum_buffer": torch.ones(2)}}, "param_groups": [{"lr": 0.1, "params": [0], "nesterov": False}]}
    whole = {"epoch": 3, "model": "sample", "state_dict": state, "best_prec1": 12.5, "optimizer": optimizer,
             "args": argparse.Namespace(lr=0.1, large=1 << 70), "milestones": collections.Counter([30, 60])}
    torch.save(whole, f"{folder}/zip.pth.tar")
    torch.save(whole, f"{folder}/stream.pth.tar", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "best_prec1": numpy.float64(12.5), "model": {"net": state}}, f"{folder}/protocol4.pt", pickle_protocol=4)
    torch.save({"epoch": 3, "best_prec1": torch.tensor(12.5), "net": {"module._orig_mod." + k: v for k, v in state.items()}},
               f"{folder}/stream4.pt", pickle_protocol=4, _use_new_zipfile_serialization=False)


main(sys.argv[1])
