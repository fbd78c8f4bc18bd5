"""Writes networks built as those of StarDist and Cellpose, small and with random weights.

    pip install keras torch onnx onnxscript h5py numpy
    python src/test/python/biology_networks.py src/test/resources/sc/fiji/spyhop/exchange/biology

StarDist's network (Schmidt et al. 2018) is a U-Net with two outputs, the probability of an object and
the distances to its border; Cellpose's (Stringer et al. 2021) is a residual U-Net with a style vector,
the normalised mean of its coarsest map, which is added to the maps of its decoder. Each file has NAME.json
beside it, with the shape of the input (channel, row, column) and what Keras or PyTorch gives for an input
whose i-th value, in that order, is ((37 * i) % 101) / 50 - 1.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from keras import layers as L
from fixtures import bare, expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
os.makedirs(folder, exist_ok=True)


def stardist():
    def block(x, filters):
        return L.Conv2D(filters, 3, padding="same", activation="relu")(x)

    keras.utils.set_random_seed(1)
    x = i = keras.Input((None, None, 1), name="input")
    skips = []
    for filters in 4, 8:
        x = block(block(x, filters), filters)
        skips.append(x)
        x = L.MaxPooling2D(2)(x)
    x = block(block(x, 16), 8)
    for filters in 8, 4:
        x = L.Concatenate()([L.UpSampling2D(2)(x), skips.pop()])
        x = block(block(x, filters), filters)
    x = L.Conv2D(8, 3, padding="same", activation="relu", name="features")(x)
    prob = L.Conv2D(1, 1, activation="sigmoid", name="prob")(x)
    dist = L.Conv2D(6, 1, activation="linear", name="dist")(x)
    model = keras.Model(i, [prob, dist])
    random = np.random.default_rng(2)
    for w in model.weights:
        w.assign(random.normal(0, 0.3, w.shape))
    path = os.path.join(folder, "stardist.keras")
    model.save(path)
    pack(path)
    prob, dist = model.predict(pixels((1, 16, 12)).transpose(0, 2, 3, 1), verbose=0)
    expect("stardist_prob", [1, 16, 12], prob.transpose(0, 3, 1, 2))
    expect("stardist_dist", [1, 16, 12], dist.transpose(0, 3, 1, 2))


def normed(inputs, outputs, size, function=True):
    middle = [nn.ReLU()] if function else []
    return nn.Sequential(nn.BatchNorm2d(inputs), *middle, nn.Conv2d(inputs, outputs, size, padding=size // 2))


class Down(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.proj = normed(inputs, outputs, 1, False)
        self.conv = nn.ModuleList([normed(inputs if i == 0 else outputs, outputs, 3) for i in range(4)])

    def forward(self, x):
        x = self.proj(x) + self.conv[1](self.conv[0](x))
        return x + self.conv[3](self.conv[2](x))


class Styled(nn.Module):
    def __init__(self, channels, style):
        super().__init__()
        self.conv = normed(channels, channels, 3)
        self.full = nn.Linear(style, channels)

    def forward(self, style, x):
        return self.conv(x + self.full(style).unsqueeze(-1).unsqueeze(-1))


class Up(nn.Module):
    def __init__(self, inputs, outputs, style):
        super().__init__()
        self.proj = normed(inputs, outputs, 1, False)
        self.first = normed(inputs, outputs, 3)
        self.styled = nn.ModuleList([Styled(outputs, style) for _ in range(3)])

    def forward(self, x, skip, style):
        x = self.proj(x) + self.styled[0](style, self.first(x) + skip)
        return x + self.styled[2](style, self.styled[1](style, x))


class Cellpose(nn.Module):
    def __init__(self, widths=(2, 3, 4)):
        super().__init__()
        self.down = nn.ModuleList([Down(a, b) for a, b in zip(widths, widths[1:])])
        up = [*widths[1:], widths[-1]]
        self.up = nn.ModuleList([Up(b, a, widths[-1]) for a, b in zip(up, up[1:])])
        self.out = normed(up[0], 3, 1)

    def forward(self, x):
        maps = []
        for i, down in enumerate(self.down):
            maps.append(down(x if i == 0 else F.max_pool2d(maps[-1], 2)))
        last = maps[-1]
        style = F.avg_pool2d(last, kernel_size=(last.shape[-2], last.shape[-1])).flatten(1)
        style = style / torch.sum(style**2, axis=1, keepdim=True) ** 0.5
        y = self.up[-1](last, last, style)
        for i in range(len(self.up) - 2, -1, -1):
            y = self.up[i](F.interpolate(y, scale_factor=2, mode="nearest"), maps[i], style)
        return self.out(y), style


def cellpose():
    torch.manual_seed(1)
    net = Cellpose()
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.normal_(0, 0.2)
            m.running_var.uniform_(0.5, 2)
            nn.init.uniform_(m.weight, 0.6, 1.4)
            nn.init.normal_(m.bias, 0, 0.2)
    net.eval()
    x = torch.from_numpy(pixels((2, 16, 16)))
    names = {"input_names": ["image"], "output_names": ["flows", "style"]}
    for exporter, opset in ("older", 17), ("newer", 18):
        path = os.path.join(folder, f"cellpose_{exporter}.onnx")
        torch.onnx.export(net, x, path, opset_version=opset, dynamo=exporter == "newer", external_data=False, **names)
        bare(path)
    with torch.no_grad():
        flows, style = net(x)
    expect("cellpose_flows", [2, 16, 16], flows)
    expect("cellpose_style", [2, 16, 16], style)


stardist()
cellpose()
