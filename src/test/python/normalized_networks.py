"""Writes the networks with group, instance and layer normalization in src/test/resources.

    python3 -m venv v && v/bin/pip install keras torch onnx onnxruntime onnxscript h5py numpy
    v/bin/python src/test/python/normalized_networks.py src/test/resources/sc/fiji/spyhop/exchange

Each network has a file NAME.json beside it, as those of foreign_networks.py have. Networks of
PyTorch are written by its older exporter (opset 11 and 17) and by its newer one (18 and 21), where
these write other operators.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import onnx.parser
import onnxruntime
import torch
import torch.nn.functional as F
from keras import layers as L
from fixtures import bare, expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
n = torch.nn


def save_torch(name, net, shape, opset, any_size=False):
    torch.manual_seed(1)
    for p in net.parameters():
        p.data = torch.randn(p.shape) * 0.5
    net.eval()
    x = torch.tensor(pixels(shape))
    path = os.path.join(folder, "onnx", f"{name}-{opset}.onnx")
    if opset < 18:
        axes = {"x": {0: "n", 2: "h", 3: "w"}, "y": {0: "n", 2: "h", 3: "w"}} if any_size else None
        torch.onnx.export(
            net,
            (x,),
            path,
            dynamo=False,
            opset_version=opset,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes=axes,
        )
    else:
        # sizes that one pooling by two divides
        half = [torch.export.Dim(d, min=2, max=1024) for d in "hw"]
        sizes = ({2: 2 * half[0], 3: 2 * half[1]},) if any_size else None
        torch.onnx.export(
            net,
            (x,),
            path,
            dynamo=True,
            opset_version=opset,
            external_data=False,
            verbose=False,
            dynamic_shapes=sizes,
        )
        bare(path)
    with torch.no_grad():
        expect(f"onnx/{name}-{opset}", shape, net(x))


class PlainConvUNet(n.Module):
    """As nnU-Net's: instance norm and leaky ReLU, strided and transposed convolutions."""

    def __init__(self):
        super().__init__()
        block = lambda i, o, s=1: n.Sequential(
            n.Conv2d(i, o, 3, s, 1), n.InstanceNorm2d(o, affine=True), n.LeakyReLU(0.01)
        )
        self.first = n.Sequential(block(2, 4), block(4, 4))
        self.second = n.Sequential(block(4, 6, 2), block(6, 6))
        self.up = n.ConvTranspose2d(6, 4, 2, 2)
        self.decoder = block(8, 4)
        self.seg = n.Conv2d(4, 3, 1)

    def forward(self, x):
        a = self.first(x)
        b = self.second(a)
        return self.seg(self.decoder(torch.cat([self.up(b), a], 1)))


class ResidualUNet(n.Module):
    """Group norm before functions, in residual blocks."""

    class Block(n.Module):
        def __init__(self, i, o, stride):
            super().__init__()
            self.conv1 = n.Conv2d(i, o, 3, stride, 1, bias=False)
            self.norm1 = n.GroupNorm(2, o)
            self.conv2 = n.Conv2d(o, o, 3, 1, 1, bias=False)
            self.norm2 = n.GroupNorm(1, o)
            self.skip = n.Conv2d(i, o, 1, stride)

        def forward(self, x):
            y = F.relu(self.norm1(self.conv1(x)))
            return F.relu(self.norm2(self.conv2(y)) + self.skip(x))

    def __init__(self):
        super().__init__()
        self.down1 = self.Block(2, 4, 1)
        self.down2 = self.Block(4, 6, 2)
        self.up = self.Block(10, 4, 1)
        self.last = n.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        b = F.interpolate(self.down2(a), scale_factor=2, mode="nearest")
        return torch.softmax(self.last(self.up(torch.cat([a, b], 1))), 1)


class ConvNeXt(n.Module):
    """Layer norm over channels in all forms, but with ReLU for GELU."""

    class Norm(n.Module):
        def __init__(self, channels):
            super().__init__()
            self.weight = n.Parameter(torch.ones(channels))
            self.bias = n.Parameter(torch.zeros(channels))

        def forward(self, x):
            mean = x.mean(1, keepdim=True)
            variance = (x - mean).pow(2).mean(1, keepdim=True)
            x = (x - mean) / torch.sqrt(variance + 1e-6)
            return self.weight[:, None, None] * x + self.bias[:, None, None]

    class Block(n.Module):
        def __init__(self, channels):
            super().__init__()
            self.dwconv = n.Conv2d(channels, channels, 3, padding=1, groups=channels)
            self.norm = n.LayerNorm(channels, eps=1e-6)
            self.pwconv1 = n.Linear(channels, 2 * channels)
            self.pwconv2 = n.Linear(2 * channels, channels)
            self.gamma = n.Parameter(torch.ones(channels))

        def forward(self, x):
            y = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
            y = self.gamma * self.pwconv2(F.relu(self.pwconv1(y)))
            return x + y.permute(0, 3, 1, 2)

    def __init__(self):
        super().__init__()
        self.stem = n.Sequential(n.Conv2d(2, 6, 2, 2), self.Norm(6))
        self.block = self.Block(6)
        self.norm = n.LayerNorm(6, eps=1e-6)
        self.head = n.Linear(6, 3)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(self.block(self.stem(x)), 1)
        x = self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return torch.softmax(self.head(x.flatten(1)), 1)


def decompositions():
    """Instance norm and layer norm of a whole map, by their definitions, in other operators."""
    random = np.random.default_rng(2)
    model = onnx.parser.parse_model(
        """
        <ir_version: 8, opset_import: ["": 17]>
        g (float[1,3,4,5] x, float[3,1,1] w, float[3,1,1] b, float[3,4,5] k, float[3,4,5] l)
            => (float[1,3,4,5] y) {
          m = ReduceMean <axes = [2,3]> (x)
          d = Sub (x, m)
          q = Mul (d, d)
          v = ReduceMean <axes = [2,3]> (q)
          e = Constant <value_float = 0.001> ()
          s = Add (e, v)
          r = Sqrt (s)
          f = Reciprocal (r)
          i = Mul (f, d)
          t = Mul (w, i)
          a = Add (t, b)
          c = Tanh (a)
          n = LayerNormalization <axis = 1, epsilon = 0.01> (c, k, l)
          all = ReduceMean <axes = [1,2,3]> (n)
          apart = Sub (n, all)
          two = Constant <value_float = 2.0> ()
          square = Pow (apart, two)
          spread = ReduceMean <axes = [-3,-2,-1]> (square)
          more = Add (spread, e)
          half = Constant <value_float = -0.5> ()
          by = Pow (more, half)
          y = Mul (apart, by)
        }
        """
    )
    wide = lambda: np.broadcast_to(random.normal(0, 1, (3, 1, 1)), (3, 4, 5)).astype(np.float32)
    values = {
        "w": random.normal(0, 1, (3, 1, 1)).astype(np.float32),
        "b": random.normal(0, 1, (3, 1, 1)).astype(np.float32),
        "k": wide(),
        "l": wide(),
    }
    for key, value in values.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(value, key))
    onnx.checker.check_model(model)
    path = os.path.join(folder, "onnx", "decompositions.onnx")
    onnx.save(model, path)
    given = pixels([3, 4, 5])
    session = onnxruntime.InferenceSession(path)
    expect("onnx/decompositions", [3, 4, 5], session.run(None, {"x": given})[0])


def as_in_tensorflow():
    """Instance norm and layer norm as tf.nn.moments and tf.nn.batch_normalization make them."""
    random = np.random.default_rng(4)
    model = onnx.parser.parse_model(
        """
        <ir_version: 8, opset_import: ["": 13]>
        g (float[1,3,4,5] x, float[3] w, float[3] b, float[3] k) => (float[1,4,5,3] y) {
          t = Transpose <perm = [0,2,3,1]> (x)
          m = ReduceMean <axes = [1,2]> (t)
          d = Sub (t, m)
          q = Mul (d, d)
          v = ReduceMean <axes = [1,2]> (q)
          e = Constant <value_float = 0.001> ()
          s = Add (v, e)
          r = Sqrt (s)
          i = Reciprocal (r)
          f = Mul (i, w)
          a = Mul (t, f)
          c = Mul (m, f)
          o = Sub (b, c)
          n = Add (a, o)
          h = Tanh (n)
          m2 = ReduceMean <axes = [3]> (h)
          d2 = Sub (h, m2)
          q2 = Mul (d2, d2)
          v2 = ReduceMean <axes = [3]> (q2)
          s2 = Add (v2, e)
          r2 = Sqrt (s2)
          one = Constant <value_float = 1.0> ()
          i2 = Div (one, r2)
          f2 = Mul (k, i2)
          a2 = Mul (f2, h)
          c2 = Mul (f2, m2)
          o2 = Sub (b, c2)
          y = Add (o2, a2)
        }
        """
    )
    for key in "wbk":
        values = random.normal(0, 1, 3).astype(np.float32)
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, key))
    onnx.checker.check_model(model)
    path = os.path.join(folder, "onnx", "tensorflow.onnx")
    onnx.save(model, path)
    given = pixels([3, 4, 5])
    session = onnxruntime.InferenceSession(path)
    y = session.run(None, {"x": given})[0].transpose(0, 3, 1, 2)
    expect("onnx/tensorflow", [3, 4, 5], y)


def groups_of_opset_18():
    """Scale and shift of groups; ONNX Runtime runs this as functions of ONNX."""
    random = np.random.default_rng(3)
    model = onnx.parser.parse_model(
        """
        <ir_version: 8, opset_import: ["": 18]>
        g (float[1,6,4,5] x, float[3] w, float[3] b) => (float[1,6,4,5] y) {
          y = GroupNormalization <num_groups = 3, epsilon = 0.01> (x, w, b)
        }
        """
    )
    for key in "wb":
        values = random.normal(0, 1, 3).astype(np.float32)
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, key))
    path = os.path.join(folder, "onnx", "groups-18.onnx")
    onnx.save(model, path)
    given = pixels([6, 4, 5])
    session = onnxruntime.InferenceSession(path)
    expect("onnx/groups-18", [6, 4, 5], session.run(None, {"x": given})[0])


def keras_norms():
    random = np.random.default_rng(1)
    x = i = keras.Input((8, 6, 2), name="image")
    x = L.Conv2D(6, 3, padding="same")(x)
    x = L.GroupNormalization(3, epsilon=0.01)(x)
    x = L.ReLU()(x)
    x = L.GroupNormalization(-1, center=False)(x)
    x = L.LayerNormalization(epsilon=0.02)(x)
    x = L.Dense(5, activation="tanh")(x)
    x = L.LayerNormalization(axis=[1, 2, 3], scale=False, center=False)(x)
    x = L.GlobalAveragePooling2D()(x)
    x = L.LayerNormalization(scale=False)(x)
    model = keras.Model(i, L.Dense(3, activation="softmax")(x))
    for w in model.weights:
        w.assign(random.normal(0, 0.7, w.shape))
    path = os.path.join(folder, "keras", "norms.h5")
    model.save(path)
    pack(path)
    given = pixels((2, 8, 6)).transpose(0, 2, 3, 1)
    expect("keras/norms", [2, 8, 6], model.predict(given, verbose=0))


for opset in 17, 18:
    save_torch("nnunet", PlainConvUNet(), [2, 8, 6], opset)
for opset in 17, 18, 21:
    save_torch("resunet", ResidualUNet(), [2, 8, 6], opset, any_size=opset < 21)
for opset in 11, 17, 18:
    save_torch("convnext", ConvNeXt(), [2, 8, 6], opset)
decompositions()
as_in_tensorflow()
groups_of_opset_18()
keras_norms()
