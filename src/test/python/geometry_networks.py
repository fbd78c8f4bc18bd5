"""Writes the networks of src/test/resources/sc/fiji/spyhop/exchange/geometry, which pad, crop, cut,
resize and shuffle, and what PyTorch or Keras says of an input.

    python src/test/python/geometry_networks.py src/test/resources/sc/fiji/spyhop/exchange/geometry

Needs torch, onnx, onnxscript, keras, h5py. Each network has a file NAME.json beside it with the shape
of its input (channel, row, column), and what is said of an input whose i-th value, in that order, is
((37 * i) % 101) / 50 - 1.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from keras import layers as L
from torch import nn
from fixtures import expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
random = np.random.default_rng(1)


# -- PyTorch --


def write(name, net, shape, opset=17, new=False, open_size=False, run=None):
    """Writes a network as an exporter makes it of an input of a shape, and its answer to that."""
    for p in list(net.parameters()) + list(net.buffers()):
        if p.dtype == torch.float32:
            # of few digits, which pack well
            p.data = torch.tensor(np.round(random.normal(0, 0.3, p.shape), 2), dtype=torch.float32)
    for key, p in net.named_buffers():
        if key.endswith("running_var"):
            p.data = p.data.abs() + 0.5
    net.eval()
    x = torch.tensor(pixels(shape))
    how = {"dynamo": new, "opset_version": opset}
    if open_size and new:
        size = torch.export.Dim
        how["dynamic_shapes"] = ({2: size.DYNAMIC, 3: size.DYNAMIC},)
    elif open_size:
        how["dynamic_axes"] = {"image": {2: "height", 3: "width"}}
    path = os.path.join(folder, name + ".onnx")
    if new:
        program = torch.onnx.export(net, (x,), input_names=["image"], output_names=["out"],
                                    verbose=False, **how)
        model = program.model_proto
        for node in model.graph.node:
            node.ClearField("metadata_props")
            node.ClearField("doc_string")
        for value in model.graph.value_info:
            value.ClearField("metadata_props")
        model.graph.ClearField("value_info")
        onnx.save(model, path)
    else:
        torch.onnx.export(net, (x,), path, input_names=["image"], output_names=["out"], **how)
    other = torch.tensor(pixels(run or shape))
    with torch.no_grad():
        expect(name, run or shape, net(other))


def conv(a, b, k=3, p=1):
    return nn.Sequential(nn.Conv2d(a, b, k, padding=p), nn.ReLU())


class PaddedUNet(nn.Module):
    """A U-Net whose decoder pads to the size of the encoder's maps, as many on GitHub do."""

    def __init__(self, bilinear):
        super().__init__()
        self.a, self.b, self.c = conv(1, 3), conv(3, 4), conv(4, 5)
        if bilinear:
            self.up1 = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear",
                                                 align_corners=True), nn.Conv2d(5, 4, 1))
            self.up2 = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear",
                                                 align_corners=True), nn.Conv2d(4, 3, 1))
        else:
            self.up1 = nn.ConvTranspose2d(5, 4, 2, 2)
            self.up2 = nn.ConvTranspose2d(4, 3, 2, 2)
        self.d, self.e = conv(8, 4), conv(6, 3)
        self.out = nn.Conv2d(3, 2, 1)

    @staticmethod
    def joined(up, skip):
        dy = skip.size()[2] - up.size()[2]
        dx = skip.size()[3] - up.size()[3]
        up = F.pad(up, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return torch.cat([skip, up], 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(self.joined(self.up1(c), b))
        return self.out(self.e(self.joined(self.up2(d), a)))


class CroppedUNet(nn.Module):
    """A U-Net without padding, whose encoder's maps are cropped (Ronneberger et al. 2015)."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = conv(1, 3, p=0), conv(3, 4, p=0), conv(4, 5, p=0)
        self.up1, self.up2 = nn.ConvTranspose2d(5, 4, 2, 2), nn.ConvTranspose2d(4, 3, 2, 2)
        self.d, self.e = conv(8, 4, p=0), conv(6, 3, p=0)
        self.out = nn.Conv2d(3, 2, 1)

    @staticmethod
    def joined(up, skip):
        y = (skip.shape[2] - up.shape[2]) // 2
        x = (skip.shape[3] - up.shape[3]) // 2
        part = skip[:, :, y:y + up.shape[2], x:x + up.shape[3]]
        return torch.cat([part, up], 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(self.joined(self.up1(c), b))
        return self.out(self.e(self.joined(self.up2(d), a)))


class Pyramid(nn.Module):
    """A feature pyramid: coarser maps are resized to the next finer one, and the last to the image."""

    def __init__(self, mode, aligned=None):
        super().__init__()
        self.mode, self.aligned = mode, aligned
        self.a, self.b, self.c = conv(2, 3), conv(3, 4), conv(4, 5)
        self.la, self.lb, self.lc = nn.Conv2d(3, 3, 1), nn.Conv2d(4, 3, 1), nn.Conv2d(5, 3, 1)
        self.out = nn.Conv2d(3, 2, 3, padding=1)

    def resized(self, x, like):
        return F.interpolate(x, size=like.shape[2:], mode=self.mode, align_corners=self.aligned)

    def forward(self, x):
        a = self.a(F.max_pool2d(x, 2))
        b = self.b(F.max_pool2d(a, 2))
        c = self.lc(self.c(F.max_pool2d(b, 2)))
        b = self.lb(b) + self.resized(c, b)
        a = self.la(a) + self.resized(b, a)
        return self.resized(self.out(a), x)


class SubPixel(nn.Module):
    """Makes blocks of pixels channels, and channels pixels again."""

    def __init__(self):
        super().__init__()
        self.unshuffle = nn.PixelUnshuffle(2)
        self.a = conv(8, 6)
        self.b = nn.Conv2d(6, 18, 3, padding=1)
        self.shuffle = nn.PixelShuffle(3)
        self.c = nn.Conv2d(2, 8, 3, padding=1)
        self.twice = nn.PixelShuffle(2)

    def forward(self, x):
        x = self.a(self.unshuffle(x))
        return self.twice(self.c(self.shuffle(self.b(x))))


class Shuffled(nn.Module):
    """Halves of channels, one of which is worked on, joined and shuffled: as in ShuffleNet V2."""

    def __init__(self):
        super().__init__()
        self.first = conv(2, 6)
        self.a, self.b = conv(3, 3), conv(3, 3)
        self.out = nn.Conv2d(4, 2, 1)

    @staticmethod
    def shuffled(x, groups):
        n, c, h, w = x.size()
        x = x.view(n, groups, c // groups, h, w)
        return torch.transpose(x, 1, 2).contiguous().view(n, c, h, w)

    def forward(self, x):
        x = self.first(x)
        for layer in (self.a, self.b):
            left, right = x.chunk(2, 1)
            x = self.shuffled(torch.cat([left, layer(right)], 1), 2)
        first, rest = torch.split(x, [2, 4], 1)
        last = x[:, 3].unsqueeze(1)
        return self.out(rest) + torch.index_select(x, 1, torch.tensor([5, 0])) + first[:, :2] \
            + torch.cat([last, last], 1)


class Reflected(nn.Module):
    """Mirrored and repeated borders, in front of convolutions and of pooling."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 4, 5, padding=2, padding_mode="reflect")
        self.b = nn.Sequential(nn.ReplicationPad2d((1, 2, 0, 1)), nn.Conv2d(4, 3, 3))
        self.zeros = nn.ZeroPad2d((1, 0, 0, 2))
        self.c = nn.Conv2d(3, 3, 1)
        self.out = nn.Conv2d(3, 2, 3)

    def forward(self, x):
        x = self.b(torch.tanh(self.a(x)))
        y = self.zeros(x)
        y = F.avg_pool2d(y, 3, 1) + F.max_pool2d(y, 3, 1)
        y = F.pad(F.pad(y, (1, 1, 1, 1)), (0, 2, 1, 0))
        z = torch.cat([self.c(y), y[:, :2]], 1)
        return self.out(z[:, :3, 1:, :-1]) + self.out(z[:, 2:, 1:, :-1])


class Focus(nn.Module):
    """Every other row and column, as at the beginning of YOLOv5; and half as large by mixing."""

    def __init__(self):
        super().__init__()
        self.a = conv(8, 4)
        self.out = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        parts = [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]]
        x = self.a(torch.cat(parts, 1))
        small = F.interpolate(x, scale_factor=0.5, mode="bilinear", align_corners=False)
        nearest = F.interpolate(x, scale_factor=0.5, mode="nearest")
        return F.interpolate(self.out(small + nearest), scale_factor=1.5, mode="bilinear")


class PaddedBySize(nn.Module):
    """A classifier whose strided convolution pads as much as the size of the image asks for."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 4, 3, 2)
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        sides = []
        for size in (x.shape[3], x.shape[2]):
            missing = max(((size + 1) // 2 - 1) * 2 + 3 - size, 0)
            sides += [missing // 2, missing - missing // 2]
        return self.out(F.relu(self.a(F.pad(x, sides))).mean((2, 3)))


# -- Keras --


def save_keras(name, model):
    for w in model.weights:
        if "variance" in w.path:
            w.assign(np.round(random.uniform(0.5, 2, w.shape), 2))
        elif "seed" not in w.path:
            w.assign(np.round(random.normal(0, 0.4, w.shape), 2))
    path = os.path.join(folder, name + ".h5")
    model.save(path)
    pack(path)
    rows, columns, channels = model.inputs[0].shape[1:]
    x = pixels((channels, rows, columns)).transpose(0, 2, 3, 1)
    y = np.asarray(model.predict(x, verbose=0))
    if y.ndim == 4:
        y = y.transpose(0, 3, 1, 2)
    expect(name, [channels, rows, columns], y)


def keras_bordered():
    """Zeros in front of pooling and crops, as in ResNet V2 and NASNet; other sizes."""
    i = keras.Input((13, 11, 2), name="image")
    x = L.Conv2D(4, 3, padding="same")(i)
    x = L.ZeroPadding2D(1)(x)
    x = L.MaxPooling2D(3, 2)(x)
    p = L.ZeroPadding2D(((0, 1), (0, 1)))(x)
    p = L.Cropping2D(((1, 0), (1, 0)))(p)
    p = L.AveragePooling2D(1, 2, padding="valid")(p)
    q = L.AveragePooling2D(1, 2, padding="valid")(x)
    x = L.Concatenate()([q, p])
    x = L.Activation("relu")(L.BatchNormalization()(x))
    y = L.ZeroPadding2D(((2, 1), (0, 1)))(x)
    x = L.Add()([L.SeparableConv2D(8, 3, padding="valid")(y), L.AveragePooling2D(3, 1)(y)])
    x = L.UpSampling2D(2, interpolation="bilinear")(x)
    x = L.Resizing(15, 6)(x)
    x = L.Cropping2D(1)(L.Conv2D(2, 1)(x))
    save_keras("bordered", keras.Model(i, L.Softmax()(x)))


def all_networks():
    odd, even = (1, 13, 18), (1, 12, 16)
    write("padded_odd", PaddedUNet(False), odd, 13)
    write("padded_odd_new", PaddedUNet(False), odd, 18, new=True)
    write("padded_even", PaddedUNet(False), even, 11)
    write("padded_open", PaddedUNet(False), even, 17, open_size=True, run=(1, 8, 12))
    write("padded_open_new", PaddedUNet(False), even, 18, new=True, open_size=True, run=(1, 8, 12))
    write("aligned", PaddedUNet(True), even, 17)
    write("aligned_open", PaddedUNet(True), even, 17, open_size=True, run=(1, 8, 12))
    write("aligned_new", PaddedUNet(True), odd, 18, new=True)
    write("cropped", CroppedUNet(), (1, 26, 30), 13)
    write("cropped_new", CroppedUNet(), (1, 26, 30), 18, new=True)
    write("pyramid", Pyramid("nearest"), (2, 16, 24), 13)
    write("pyramid_odd", Pyramid("bilinear", False), (2, 22, 28), 17)
    write("pyramid_open", Pyramid("bilinear", False), (2, 16, 24), 17, open_size=True,
          run=(2, 24, 16))
    write("pyramid_open_new", Pyramid("bilinear", True), (2, 16, 24), 18, new=True,
          open_size=True, run=(2, 24, 16))
    write("subpixel", SubPixel(), (2, 8, 6), 9)
    write("subpixel_open", SubPixel(), (2, 8, 6), 17, open_size=True, run=(2, 4, 10))
    write("subpixel_new", SubPixel(), (2, 8, 6), 18, new=True)
    write("shuffled", Shuffled(), (2, 5, 6), 12)
    write("shuffled_open", Shuffled(), (2, 5, 6), 17, open_size=True, run=(2, 6, 4))
    write("shuffled_new", Shuffled(), (2, 5, 6), 18, new=True)
    write("reflected", Reflected(), (2, 9, 8), 13)
    write("reflected_new", Reflected(), (2, 9, 8), 18, new=True)
    write("focus", Focus(), (2, 16, 24), 11)
    write("focus_open", Focus(), (2, 16, 24), 17, open_size=True, run=(2, 24, 16))
    write("focus_new", Focus(), (2, 16, 24), 18, new=True)
    write("by_size", PaddedBySize(), (2, 9, 8), 13)
    write("by_size_unknown", PaddedBySize(), (2, 8, 8), 17, open_size=True)
    keras_bordered()


if __name__ == "__main__":
    os.makedirs(folder, exist_ok=True)
    all_networks()
