#!/usr/bin/env python3
"""Prints what torch.optim.Adam and AdamW make of four weights over six steps, in double: the numbers of AdamTests.

    /usr/bin/python3 build/peers/adam_trajectory.py     with PyTorch 1.13 or later
"""
import torch

weights = [0.5, -1.25, 0.0, 2.0]
gradients = [[1.0, -0.5, 0.25, 0.0], [-0.75, -0.5, 0.0, 0.125], [0.5, 2.0, 0.0, -0.0625],
             [0.125, -0.25, 1e-6, 8.0], [1.5, 0.375, -1e-6, 0.5], [-0.5, 0.0, 0.25, -3.0]]

for optimiser in (torch.optim.Adam, torch.optim.AdamW):
    w = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    follow = optimiser([w], lr=0.0625, weight_decay=0.25)
    for gradient in gradients:
        w.grad = torch.tensor(gradient, dtype=torch.float64)
        follow.step()
        print(optimiser.__name__, ", ".join(repr(v) for v in w.tolist()))
