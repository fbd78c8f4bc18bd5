"""Writes networks of element-wise operations, and what PyTorch and ONNX Runtime say of them.

    python3 -m venv v && v/bin/pip install keras torch onnx onnxscript onnxruntime h5py numpy
    v/bin/python src/test/python/element_networks.py src/test/resources/sc/fiji/spyhop/exchange

Those of PyTorch are written by its older and its newer exporter. What is beside each is as in
foreign_networks.py.
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
from torch import nn
from fixtures import expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
random = np.random.default_rng(2)


def export(name, net, shape):
    """By both exporters."""
    for p in list(net.parameters()) + list(net.buffers()):
        if p.dtype == torch.float32:
            p.data = torch.tensor(random.uniform(-0.5, 0.7, p.shape)).float()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.data.abs_().add_(0.5)
    net.eval()
    x = torch.tensor(pixels(shape))
    with torch.no_grad():
        expected = net(x)
    for exporter in "older", "newer":
        path = os.path.join(folder, "onnx", f"{name}_{exporter}.onnx")
        if exporter == "older":
            torch.onnx.export(net, (x,), path, dynamo=False, opset_version=17)
        else:
            program = torch.onnx.export(net, (x,), dynamo=True, opset_version=20)
            for node in program.model.graph:
                node.metadata_props.clear()
                node.doc_string = None
            program.model.metadata_props.clear()
            program.model.graph.metadata_props.clear()
            for v in program.model.graph.initializers.values():
                v.metadata_props.clear()
            program.save(path)
        said = onnxruntime.InferenceSession(path).run(None, {first(path): pixels(shape)})[0]
        assert np.allclose(said, expected.numpy(), atol=1e-5), name
        expect(f"onnx/{name}_{exporter}", shape, expected)


def first(path):
    return onnx.load(path).graph.input[0].name


class Functions(nn.Module):
    """Functions that exporters write as one operator or as several, each after a convolution."""

    def __init__(self):
        super().__init__()
        self.functions = [
            F.gelu,
            lambda x: F.gelu(x, approximate="tanh"),
            lambda x: 0.5 * x * (1 + torch.erf(x / 2**0.5)),
            lambda x: x * (0.5 * (1.0 + torch.erf(x * 2**-0.5))),
            lambda x: x * torch.sigmoid(1.702 * x),
            F.mish,
            lambda x: x * torch.tanh(torch.log1p(torch.exp(x))),
            F.selu,
            lambda x: F.elu(x, 0.7),
            lambda x: F.celu(x, 1.5),
            F.softplus,
            F.softsign,
            lambda x: torch.where(x > 0.3, x, torch.zeros_like(x)),
            lambda x: F.hardtanh(x, -0.4, 0.8),
            lambda x: torch.sqrt(x.abs() + 0.1),
            lambda x: 1 / (1.5 + x**2),
            lambda x: torch.exp(-x) - 2 ** (0.5 * x),
            lambda x: (x.abs() + 0.2) ** 1.3,
            lambda x: torch.maximum(x, 0.5 - x).clamp(max=0.9),
            lambda x: torch.where(x > 0.2, x, x * x),
            F.logsigmoid,
            F.tanhshrink,
            lambda x: F.softshrink(x, 0.2),
            lambda x: F.relu(x) ** 2,
        ]
        self.before = nn.ModuleList(nn.Conv2d(2, 2, 1) for _ in self.functions)

    def forward(self, x):
        return torch.cat([f(c(x)) for f, c in zip(self.functions, self.before)], 1)


class Spread(nn.Module):
    """One channel for many, one value for each channel, and what is made of all channels."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 3, 3, padding=1)
        self.b = nn.Conv2d(2, 3, 1)
        self.one = nn.Conv2d(2, 1, 1)
        self.style = nn.Linear(3, 3)
        self.spatial = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, x):
        a, b, one = self.a(x), self.b(x), self.one(x)
        style = a.mean((2, 3))
        style = style / (style**2).sum(1, keepdim=True) ** 0.5
        y = a + self.style(style).unsqueeze(-1).unsqueeze(-1)
        y = y * torch.sigmoid(one) - b / (1 + one**2)
        both = torch.cat([y.mean(1, keepdim=True), y.amax(1, keepdim=True)], 1)
        y = y * torch.sigmoid(self.spatial(both))
        return torch.minimum(y, b) + one - (a - b) ** 2


class Gate(nn.Module):
    """Oktay et al. 2018."""

    def __init__(self, coarse, fine, inner):
        super().__init__()
        self.g = nn.Sequential(nn.Conv2d(coarse, inner, 1), nn.BatchNorm2d(inner))
        self.x = nn.Sequential(nn.Conv2d(fine, inner, 1), nn.BatchNorm2d(inner))
        self.psi = nn.Sequential(nn.Conv2d(inner, 1, 1), nn.BatchNorm2d(1), nn.Sigmoid())

    def forward(self, g, x):
        return x * self.psi(F.relu(self.g(g) + self.x(x)))


class AttentionUNet(nn.Module):
    def __init__(self):
        super().__init__()
        block = lambda i, o: nn.Sequential(
            nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.GELU()
        )
        self.down = block(1, 3)
        self.middle = block(3, 4)
        self.bottom = block(4, 5)
        self.up2 = nn.ConvTranspose2d(5, 4, 2, 2)
        self.gate2 = Gate(4, 4, 2)
        self.join2 = block(8, 4)
        self.up1 = nn.ConvTranspose2d(4, 3, 2, 2)
        self.gate1 = Gate(3, 3, 2)
        self.join1 = block(6, 3)
        self.last = nn.Conv2d(3, 2, 1)

    def forward(self, x):
        a = self.down(x)
        b = self.middle(F.max_pool2d(a, 2))
        c = self.bottom(F.max_pool2d(b, 2))
        up = self.up2(c)
        b = self.join2(torch.cat([self.gate2(up, b), up], 1))
        up = self.up1(b)
        a = self.join1(torch.cat([self.gate1(up, a), up], 1))
        return torch.softmax(self.last(a), 1)


def operators():
    """Operators that PyTorch does not write, or writes otherwise."""
    model = onnx.parser.parse_model(
        """
        <ir_version: 9, opset_import: ["": 20]>
        g (float[1,3,4,5] x, float one, float[1] three, float[3,1,1] each, int64[1] axis,
           int64[1] second, float[3,4,5] places, float slope) => (float[1,63,4,5] y) {
          a = Gelu (x)
          b = Gelu <approximate = "tanh"> (x)
          c = Mish (x)
          d = Celu <alpha = 0.5> (x)
          e = Selu <alpha = 1.5, gamma = 0.9> (x)
          f = ThresholdedRelu <alpha = 0.25> (x)
          g1 = Shrink <lambd = 0.3, bias = 0.1> (x)
          h = Softsign (x)
          i0 = Abs (x)
          i1 = Add (i0, one)
          i = Log (i1)
          j = Pow (i1, one)
          k = Pow (three, x)
          l = Reciprocal (i1)
          m = Div (each, i1)
          n = Sub (one, x)
          o = Max (x, l, one)
          p = Min (x, n)
          q0 = ReduceSum <keepdims = 1> (x, axis)
          q = Mul (x, q0)
          r0 = ReduceL2 <keepdims = 1> (x, axis)
          r = Div (x, r0)
          s0 = Gather <axis = 1> (x, second)
          s = Sub (s0, x)
          t0 = Greater (x, s0)
          t1 = LessOrEqual (x, one)
          t2 = And (t0, t1)
          t3 = Not (t2)
          t = Where (t3, x, s)
          u = PRelu (x, places)
          v0 = Mul (x, slope)
          v = PRelu (v0, places)
          y = Concat <axis = 1> (a, b, c, d, e, f, g1, h, i, j, k, l, m, n, o, p, q, r, t, u, v)
        }
        """
    )
    values = dict(
        one=np.array(1.5, np.float32),
        three=np.array([3], np.float32),
        each=np.array([1, -2, 0.5], np.float32).reshape(3, 1, 1),
        axis=np.array([1]),
        second=np.array([1]),
        places=random.uniform(-0.5, 0.5, (3, 4, 5)).astype(np.float32),
        slope=np.array(-1, np.float32),
    )
    for key, value in values.items():
        tensor = onnx.numpy_helper.from_array(value)
        tensor.name = key
        model.graph.initializer.append(tensor)
    onnx.checker.check_model(model)
    path = os.path.join(folder, "onnx", "operators.onnx")
    onnx.save(model, path)
    shape = [3, 4, 5]
    session = onnxruntime.InferenceSession(path)
    expect("onnx/operators", shape, session.run(None, {"x": pixels(shape)})[0])


def keras_functions():
    """Each function that Keras knows by a name, layers that are functions, and what joins maps."""
    names = """relu6 selu gelu mish silu softplus softsign exponential leaky_relu log_sigmoid hard_tanh
        tanh_shrink hard_shrink soft_shrink hard_silu hard_sigmoid celu elu sparse_plus
        sparse_sigmoid squareplus tanh sigmoid""".split()
    i = keras.Input((3, 4, 2), name="image")
    parts = [L.Conv2D(1, 1, activation=name)(i) for name in names]
    a, b, one = L.Conv2D(2, 1)(i), L.Conv2D(2, 1)(i), L.Conv2D(1, 1)(i)
    parts.append(L.Activation("gelu")(a))
    parts.append(L.ReLU(max_value=0.8, negative_slope=0.1, threshold=0.2)(a))
    parts.append(L.ReLU(max_value=0.5)(a))
    parts.append(L.ELU(alpha=0.6)(a))
    parts.append(L.LeakyReLU(negative_slope=0.4)(a))
    parts.append(L.PReLU()(a))
    parts.append(L.PReLU(shared_axes=[1])(a))
    parts.append(L.PReLU(shared_axes=[3])(a))
    parts += [L.Subtract()([a, b]), L.Maximum()([a, b]), L.Minimum()([a, b, i])]
    parts += [L.Average()([a, b]), L.Multiply()([a, one]), L.Add()([one, b]), L.Subtract()([one, a])]
    pooled = L.GlobalAveragePooling2D(keepdims=True)(b)
    parts.append(L.Maximum()([a, pooled]))
    model = keras.Model(i, L.Concatenate()(parts))
    for w in model.weights:
        w.assign(random.normal(0, 0.5, w.shape))
    path = os.path.join(folder, "keras", "functions.h5")
    model.save(path)
    pack(path)
    y = np.asarray(model.predict(pixels((2, 3, 4)).transpose(0, 2, 3, 1), verbose=0))
    expect("keras/functions", [2, 3, 4], y.transpose(0, 3, 1, 2))


torch.manual_seed(1)
export("functions", Functions(), [2, 2, 3])
export("spread", Spread(), [2, 4, 5])
export("attention", AttentionUNet(), [1, 8, 12])
operators()
keras_functions()
