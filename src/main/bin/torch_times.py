"""Times of PyTorch for the networks of `spyhop benchmark`, on a GPU or, with the argument CPU, on processors.
Prints a line of JSON for each: name, median_ms, min_ms, device."""
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

device = torch.device("cpu" if sys.argv[1:] == ["CPU"] else "cuda")
name = "CPU" if device.type == "cpu" else "GPU, " + torch.cuda.get_device_name(0)


def synchronize():
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(what, warm, runs, step):
    for _ in range(warm):
        step()
    times = []
    for _ in range(runs):
        synchronize()
        start = time.perf_counter()
        step()
        synchronize()
        times.append(1e3 * (time.perf_counter() - start))
    figures = dict(name=what, median_ms=round(statistics.median(times), 2), min_ms=round(min(times), 2), device=name)
    print(json.dumps(figures), flush=True)


def pair(channels, filters):
    return nn.Sequential(
        nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(True),
        nn.Conv2d(filters, filters, 3, padding=1), nn.ReLU(True))


class UNet(nn.Module):
    def __init__(self, widths=(16, 32, 64, 128, 256)):
        super().__init__()
        self.down = nn.ModuleList(map(pair, (1,) + widths[:-1], widths))
        up = [(widths[i] + widths[i - 1], widths[i - 1]) for i in range(len(widths) - 1, 0, -1)]
        self.up = nn.ModuleList(pair(*sizes) for sizes in up)
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x):
        kept = []
        for i, down in enumerate(self.down):
            x = down(F.max_pool2d(x, 2) if i else x)
            kept.append(x)
        kept.pop()
        for up in self.up:
            x = up(torch.cat([F.interpolate(x, scale_factor=2), kept.pop()], 1))
        return self.head(x)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10))


def training(net, x, y, loss):
    optimizer = torch.optim.Adam(net.train().parameters(), 1e-3)

    # values come from and go to Java's side there: from and to the processor's memory here
    def step():
        optimizer.zero_grad()
        loss(net(x.to(device)), y.to(device)).backward()
        optimizer.step()
    return step


def prediction(net, x):
    net.eval()

    def step():
        with torch.inference_mode():
            net(x.to(device)).cpu()
    return step


digits = torch.rand(128, 1, 28, 28)
net = lenet().to(device)
measure("lenet train b128", 10, 40, training(net, digits, torch.arange(128) % 10, nn.CrossEntropyLoss()))
measure("lenet infer b128", 10, 40, prediction(net, digits))
images = torch.rand(4, 1, 256, 256)
net = UNet().to(device)
measure("unet16 256x256 train b4", 3, 15, training(net, images, (images > 0.5).float(), nn.BCEWithLogitsLoss()))
measure("unet16 256x256 infer b4", 3, 15, prediction(net, images))
measure("unet16 256x256 infer b1", 5, 25, prediction(net, images[:1]))
