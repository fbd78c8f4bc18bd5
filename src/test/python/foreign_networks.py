"""Writes the networks in src/test/resources that are compared with what their own programs say.

    python3 -m venv v && v/bin/pip install keras torch onnx onnxruntime h5py numpy
    v/bin/python src/test/python/foreign_networks.py src/test/resources/sc/fiji/spyhop/exchange

Each network has a file NAME.json beside it with the shape of its input (channel, row, column), and
what Keras, PyTorch or ONNX Runtime gives for an input whose i-th value, in
that order, is ((37 * i) % 101) / 50 - 1. Networks of Caffe have no program here that runs them:
PyTorch computes layer by layer what Caffe's documentation says.
"""

import os
import struct
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
from fixtures import expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
random = np.random.default_rng(1)


# -- Keras --


def save_keras(name, model, ending=".h5"):
    for w in model.weights:
        if "variance" in w.path:
            w.assign(random.uniform(0.5, 2, w.shape))
        elif "seed" not in w.path:
            w.assign(random.normal(0, 0.4, w.shape))
    path = os.path.join(folder, "keras", name + ending)
    model.save(path)
    pack(path)
    rows, columns, channels = model.inputs[0].shape[1:]
    x = pixels((channels, rows, columns)).transpose(0, 2, 3, 1)
    y = np.asarray(model.predict(x, verbose=0))
    if y.ndim == 4:
        y = y.transpose(0, 3, 1, 2)
    expect("keras/" + name, [channels, rows, columns], y)


def keras_classifier():
    x = i = keras.Input((9, 8, 2), name="image")
    x = L.ZeroPadding2D(((1, 0), (0, 1)))(x)
    x = L.Conv2D(4, (3, 2), strides=2, activation="relu")(x)
    x = L.BatchNormalization(epsilon=0.01)(x)
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=False)(x)
    x = L.ReLU(max_value=6)(x)
    x = L.SeparableConv2D(5, 3, padding="same", activation="hard_sigmoid")(x)
    x = L.LeakyReLU(negative_slope=0.3)(x)
    x = L.GlobalMaxPooling2D(keepdims=True)(x)
    x = L.Conv2D(3, 1)(x)
    x = L.Reshape((3,))(x)
    save_keras("classifier", keras.Model(i, L.Softmax()(x)))


def keras_map():
    i = keras.Input((8, 6, 2), name="image")
    a = L.Conv2D(4, 3, padding="same", dilation_rate=2, activation="swish")(i)
    p = L.AveragePooling2D(2)(a)
    up = L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="elu")(p)
    smooth = L.UpSampling2D(2, interpolation="bilinear")(p)
    x = L.Concatenate()([L.Add()([a, up]), L.Multiply()([a, smooth]), L.Average()([up, smooth])])
    x = L.SpatialDropout2D(0.5)(L.PReLU(shared_axes=[1, 2])(x))
    x = L.MaxPooling2D(3, strides=1, padding="same")(x)
    x = L.Conv2D(2, 1, groups=2, activation="leaky_relu")(x)
    save_keras("map", keras.Model(i, L.Activation("sigmoid")(x)))


def keras_sequential():
    inner = keras.Sequential([keras.Input((6, 6, 3)), L.Conv2D(2, 3, activation="tanh"), L.ELU()])
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            L.Rescaling(2.0, offset=-0.5),
            L.Normalization(mean=[0.1, -0.2, 0.3], variance=[1.0, 4.0, 0.25]),
            L.RandomFlip(),
            inner,
            L.UpSampling2D((1, 2)),
            L.AveragePooling2D(2, padding="same"),
            L.Flatten(),
            L.Dropout(0.2),
            L.Dense(4, activation="hard_silu"),
            L.BatchNormalization(center=False),
            L.Dense(3, use_bias=False, activation="softmax"),
        ]
    )
    save_keras("sequential", model)


# -- ONNX --


def keras_archive():
    x = i = keras.Input((10, 9, 2), name="image")
    x = L.Conv2D(3, 3, name="first")(x)
    x = L.BatchNormalization(name="norm")(x)
    inner = [L.Conv2D(4, 3, activation="relu"), L.DepthwiseConv2D(3), L.SeparableConv2D(3, 1)]
    x = keras.Sequential([keras.Input((8, 7, 3)), *inner], name="inner")(x)
    x = L.PReLU(shared_axes=[1, 2], name="slopes")(x)
    x = L.Conv2D(5, 1)(x)
    x = L.GlobalAveragePooling2D()(x)
    x = L.Dense(3, activation="softmax", name="last")(x)
    save_keras("archive", keras.Model(i, x), ".keras")


def save_onnx(name, model, shape):
    onnx.checker.check_model(model)
    path = os.path.join(folder, "onnx", name + ".onnx")
    onnx.save(model, path)
    given = pixels(shape)
    session = onnxruntime.InferenceSession(path)
    expect("onnx/" + name, shape, session.run(None, {model.graph.input[0].name: given})[0])


def torch_model(name, net, shape, **how):
    for p in list(net.parameters()) + list(net.buffers()):
        if p.dtype == torch.float32:
            p.data = torch.tensor(random.uniform(0.1, 0.5, p.shape), dtype=torch.float32)
    net.eval()
    path = os.path.join(folder, "onnx", name + ".onnx")
    x = torch.tensor(pixels(shape))
    torch.onnx.export(net, (x,), path, dynamo=False, **how)
    with torch.no_grad():
        expect("onnx/" + name, shape, net(x))


class Blocks(torch.nn.Module):
    """A squeeze-and-excitation block, poolings of several kinds, and joined halves."""

    def __init__(self):
        super().__init__()
        n = torch.nn
        self.stem = n.Sequential(
            n.Conv2d(2, 4, 3, stride=2, padding=1, bias=False), n.BatchNorm2d(4), n.Hardswish()
        )
        self.squeeze = n.Sequential(
            n.AdaptiveAvgPool2d(1), n.Conv2d(4, 2, 1), n.ReLU6(), n.Conv2d(2, 4, 1), n.Hardsigmoid()
        )
        self.average = n.AvgPool2d(3, 1, 1, count_include_pad=False)
        self.counted = n.AvgPool2d(3, 1, 1)
        self.slopes = n.PReLU(4)
        self.last = n.Linear(4 * 3 * 2, 3)

    def forward(self, x):
        x = self.stem(x)
        x = x * self.squeeze(x)
        x = self.slopes(self.average(x) - 0.4) + F.silu(self.counted(x))
        x = F.max_pool2d(x, 2, 2, ceil_mode=True)
        return torch.softmax(self.last(x.view(x.size(0), -1)), 1)


class Decoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        n = torch.nn
        self.down = n.Conv2d(2, 4, 3, 2, 1, groups=2)
        self.up = n.ConvTranspose2d(4, 2, 3, 2, 1, output_padding=1)

    def forward(self, x):
        y = F.elu(self.down(F.pad(x, (1, 0, 0, 1))))
        smooth = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
        near = F.interpolate(y, scale_factor=2, mode="nearest")
        x = torch.cat([torch.tanh(self.up(y)), smooth / 2, 1 - near], 1)
        return F.leaky_relu(x, 0.2)


def text_model(name, shape, text, **arrays):
    """A model in ONNX's own text, with initializers in the form in which they are given."""
    model = onnx.parser.parse_model(text)
    for key, value in arrays.items():
        if not isinstance(value, onnx.TensorProto):
            value = onnx.numpy_helper.from_array(value)
        value.name = key
        model.graph.initializer.append(value)
    save_onnx(name, model, shape)


def typed(kind, shape, values):
    """In the list of its type, not as raw bytes."""
    return onnx.helper.make_tensor("", kind, shape, values)


def old_operators():
    """What exporters wrote before operator sets 9 to 13: settings as attributes."""
    r = lambda *s: random.normal(0, 0.5, s).astype(np.float32)
    text_model(
        "old",
        [2, 5, 4],
        """
        <ir_version: 4, opset_import: ["": 9]>
        old (float[1,2,5,4] x, float[3,2,3,3] w, float[3] b, float[3,1,1] k, float[2,90] d,
             float[2] e, float[4] twice, int64[2] flat) => (float[1,2] y) {
          p = Pad <pads = [0,0,1,0,0,0,0,1]> (x)
          c = Conv <auto_pad = "SAME_LOWER", kernel_shape = [3,3], strides = [2,2]> (p, w, b)
          l = Clip <min = 0.0, max = 6.0> (c)
          u = Upsample <mode = "nearest"> (l, twice)
          h = HardSigmoid <alpha = 0.25, beta = 0.4> (u)
          t = Mul (k, h)
          r = LRN <size = 3, alpha = 0.5, beta = 0.6, bias = 1.5> (t)
          o = MaxPool <kernel_shape = [2,3], pads = [0,1,0,1]> (r)
          f = Reshape (o, flat)
          z = Gemm <alpha = 0.5, beta = 2.0, transB = 1> (f, d, e)
          y = Softmax (z)
        }
        """,
        w=r(3, 2, 3, 3),
        b=r(3),
        k=r(3, 1, 1),
        d=r(2, 90),
        e=r(2),
        twice=np.array([1, 1, 2, 2], np.float32),
        flat=np.array([1, -1]),
    )


def kinds_of_constants():
    """Values of every type, as raw bytes and as lists."""
    T = onnx.TensorProto
    text_model(
        "constants",
        [4, 3, 3],
        """
        <ir_version: 8, opset_import: ["": 17]>
        g (float[1,4,3,3] x) => (float[1,4,3,3] y) {
          h = Cast <to = 1> (half)
          a = Mul (x, h)
          d = Cast <to = 1> (double)
          b = Add (a, d)
          i = Cast <to = 1> (bytes)
          c = Mul (b, i)
          s = Cast <to = 1> (short)
          e = Sub (c, s)
          f = Cast <to = 1> (unsigned)
          k = Div (e, f)
          t = Cast <to = 1> (list16)
          u = Add (t, k)
          v = Cast <to = 1> (listint)
          y = Mul (u, v)
        }
        """,
        half=np.array([0.1, -2.5, 6e-6, 3], np.float16).reshape(4, 1, 1),
        double=np.array([1e-3, 2.5, -1, 0.125]).reshape(4, 1, 1),
        bytes=np.array([1, 200, 3, 4], np.uint8).reshape(4, 1, 1),
        short=np.array([-7, 300, -1, 0], np.int16).reshape(4, 1, 1),
        unsigned=typed(T.UINT32, [1], [7]),
        list16=typed(T.FLOAT16, [4, 1, 1], [0.25, -0.5, 1.5, 100.0]),
        listint=typed(T.INT8, [4, 1, 1], [-1, 2, -3, 127]),
    )


def computed_shapes():
    """Sizes that are worked out in the graph, channels last in between."""
    text_model(
        "shapes",
        [3, 4, 6],
        """
        <ir_version: 8, opset_import: ["": 13]>
        g (float[1,3,4,6] x, float[72,2] k) => (float[1,2] y) {
          size = Shape (x)
          one = Constant <value_ints = [1]> ()
          zero = Constant <value_ints = [0]> ()
          two = Constant <value_ints = [2]> ()
          four = Constant <value_ints = [4]> ()
          space = Slice (size, two, four)
          minus = Constant <value_int = -1> ()
          last = Unsqueeze (minus, zero)
          batch = Slice (size, zero, one)
          row = Concat <axis = 0> (batch, last)
          t = Transpose <perm = [0,2,3,1]> (x)
          scale = Constant <value_float = 0.5> ()
          root = Sqrt (scale)
          both = Add (root, scale)
          neg = Neg (both)
          half = Exp (neg)
          r = Mul (t, half)
          flat = Reshape (r, row)
          y = MatMul (flat, k)
        }
        """,
        k=random.normal(0, 0.3, (72, 2)).astype(np.float32),
    )


def reductions():
    text_model(
        "reductions",
        [3, 4, 6],
        """
        <ir_version: 8, opset_import: ["": 13]>
        g (float[1,3,4,6] x, float[3,3] w, int64[2] where) => (float[1,3] y) {
          mean = ReduceMean <axes = [2,3], keepdims = 0> (x)
          max = ReduceMax <axes = [-1,-2], keepdims = 1> (x)
          large = Squeeze (max, where)
          sum = Sum (mean, large)
          four = Identity (sum)
          lin = MatMul (four, w)
          wide = Unsqueeze (lin, where)
          s = Sigmoid (wide)
          m = Mul (x, s)
          g = GlobalAveragePool (m)
          y = Flatten (g)
        }
        """,
        w=random.normal(0, 0.5, (3, 3)).astype(np.float32),
        where=np.array([2, 3]),
    )


# -- Caffe --


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def save_caffe(name, prototxt, weights, shape, output, double=False):
    net = b""
    for layer, blobs in weights.items():
        own = field(1, layer.encode())
        for blob in blobs:
            dims = field(7, field(1, b"".join(varint(n) for n in blob.shape)))
            kind = "<f8" if double else "<f4"
            own += field(7, dims + field(8 if double else 5, blob.numpy().astype(kind).tobytes()))
        net += field(100, own)
    base = os.path.join(folder, "caffe", name)
    with open(base + ".caffemodel", "wb") as f:
        f.write(net)
    with open(base + ".prototxt", "w") as f:
        f.write(prototxt)
    expect("caffe/" + name, shape, output)


def t(*shape):
    return torch.tensor(random.normal(0, 0.4, shape), dtype=torch.float32)


def caffe_classifier():
    x = torch.tensor(pixels([4, 7, 6]))
    w, b, bn, sc, sh, pr, ip, ib = t(4, 2, 3, 2), t(4), t(4), t(4), t(4), t(4), t(16, 3), t(3)
    variance = t(4).abs() + 0.5
    prototxt = """
    name: "classifier"
    layer { name: "data" type: "Input" top: "data"
            input_param { shape: { dim: 1 dim: 4 dim: 7 dim: 6 } } }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" param { lr_mult: 1 }
            convolution_param { num_output: 4 group: 2 kernel_h: 3 kernel_w: 2 stride: 2 pad_h: 1
                                weight_filler { type: "xavier" } } }
    layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv"
            batch_norm_param { use_global_stats: true eps: 0.01 } }
    layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
    layer { name: "prelu" type: "PReLU" bottom: "conv" top: "conv" }
    layer { name: "norm" type: "LRN" bottom: "conv" top: "norm"
            lrn_param { local_size: 3 alpha: 0.5 beta: 0.75 k: 2 } }
    layer { name: "average" type: "Pooling" bottom: "norm" top: "average"
            pooling_param { pool: AVE kernel_size: 3 stride: 2 } }
    layer { name: "power" type: "Power" bottom: "average" top: "power"
            power_param { scale: 3 shift: -0.25 } }
    layer { name: "drop" type: "Dropout" bottom: "power" top: "power"
            dropout_param { dropout_ratio: 0.4 } }
    layer { name: "ip" type: "InnerProduct" bottom: "power" top: "ip"
            inner_product_param { num_output: 3 transpose: true } }
    layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy"
            include { phase: TEST } }
    layer { name: "prob" type: "Softmax" bottom: "ip" top: "prob" }
    """
    y = F.conv2d(x, w, b, stride=2, padding=(1, 0), groups=2)
    y = F.batch_norm(y, bn / 4, variance / 4, eps=0.01)
    y = y * sc.view(1, 4, 1, 1) + sh.view(1, 4, 1, 1)
    y = F.local_response_norm(F.prelu(y, pr), 3, 0.5, 0.75, 2)
    y = F.avg_pool2d(y, 3, 2, ceil_mode=True) * 3 - 0.25
    assert y.shape == (1, 4, 2, 1), y.shape
    ip = t(8, 3)
    y = torch.softmax(y.flatten(1) @ ip + ib, 1)
    weights = {
        "conv": [w, b],
        "bn": [bn, variance, torch.tensor([4.0])],
        "scale": [sc, sh],
        "prelu": [pr],
        "ip": [ip, ib],
    }
    save_caffe("classifier", prototxt, weights, [4, 7, 6], y, double=True)


def caffe_map():
    x = torch.tensor(pixels([2, 6, 4]))
    w, d, e, b = t(4, 2, 3, 3), t(4, 1, 4, 4), t(4, 4, 1, 1), t(4)
    prototxt = """
    input: "data" input_shape { dim: 1 dim: 2 dim: 6 dim: 4 }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 4 kernel_size: 3 pad: 2 dilation: 2 bias_term: false } }
    layer { name: "split" type: "Split" bottom: "conv" top: "a" top: "b" }
    layer { name: "relu" type: "ReLU" bottom: "a" top: "a2" relu_param { negative_slope: 0.1 } }
    layer { name: "pool" type: "Pooling" bottom: "b" top: "pool"
            pooling_param { kernel_size: 2 stride: 2 round_mode: FLOOR } }
    layer { name: "elu" type: "ELU" bottom: "pool" top: "pool" }
    layer { name: "up" type: "Deconvolution" bottom: "pool" top: "up"
            convolution_param { num_output: 4 group: 4 kernel_size: 4 stride: 2 pad: 1 bias_term: false } }
    layer { name: "sum" type: "Eltwise" bottom: "a2" bottom: "up" top: "sum"
            eltwise_param { operation: SUM coeff: 0.5 coeff: -2 } }
    layer { name: "tanh" type: "TanH" bottom: "sum" top: "tanh" }
    layer { name: "gate" type: "Sigmoid" bottom: "up" top: "gate" }
    layer { name: "product" type: "Eltwise" bottom: "tanh" bottom: "gate" top: "product"
            eltwise_param { operation: PROD } }
    layer { name: "point" type: "Convolution" bottom: "product" top: "point"
            convolution_param { num_output: 4 kernel_size: 1 } }
    layer { name: "both" type: "Concat" bottom: "point" bottom: "gate" top: "both" }
    """
    y = F.conv2d(x, w, padding=2, dilation=2)
    a = F.leaky_relu(y, 0.1)
    up = F.conv_transpose2d(F.elu(F.max_pool2d(y, 2)), d, stride=2, padding=1, groups=4)
    gate = torch.sigmoid(up)
    point = F.conv2d(torch.tanh(0.5 * a - 2 * up) * gate, e, b)
    y = torch.cat([point, gate], 1)
    save_caffe("map", prototxt, {"conv": [w], "up": [d], "point": [e, b]}, [2, 6, 4], y)


def caffe_tables():
    """Boxes and scores of a detector with maps of two scales; what is expected: boxes, then scores."""
    x = torch.from_numpy(pixels((2, 8, 6)))
    w, a, b, c, d = t(4, 2, 3, 3), t(8, 4, 1, 1), t(6, 4, 1, 1), t(4, 4, 1, 1), t(3, 4, 1, 1)

    def heads(of, boxes, scores, n):
        return f"""
    layer {{ name: "{boxes}" type: "Convolution" bottom: "{of}" top: "{boxes}"
            convolution_param {{ num_output: {4 * n} kernel_size: 1 bias_term: false }} }}
    layer {{ name: "{boxes}p" type: "Permute" bottom: "{boxes}" top: "{boxes}p"
            permute_param {{ order: 0 order: 2 order: 3 order: 1 }} }}
    layer {{ name: "{boxes}r" type: "Reshape" bottom: "{boxes}p" top: "{boxes}r"
            reshape_param {{ shape {{ dim: 1 dim: -1 dim: 4 }} }} }}
    layer {{ name: "{scores}" type: "Convolution" bottom: "{of}" top: "{scores}"
            convolution_param {{ num_output: {3 * n} kernel_size: 1 bias_term: false }} }}
    layer {{ name: "{scores}p" type: "Permute" bottom: "{scores}" top: "{scores}p"
            permute_param {{ order: 0 order: 2 order: 3 order: 1 }} }}
    layer {{ name: "{scores}f" type: "Flatten" bottom: "{scores}p" top: "{scores}f" }}
    layer {{ name: "{scores}r" type: "Reshape" bottom: "{scores}f" top: "{scores}r"
            reshape_param {{ shape {{ dim: 0 dim: -1 dim: 3 }} }} }}"""

    prototxt = """
    name: "tables"
    layer { name: "data" type: "Input" top: "data"
            input_param { shape: { dim: 1 dim: 2 dim: 8 dim: 6 } } }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 4 kernel_size: 3 pad: 1 bias_term: false } }
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
    layer { name: "half" type: "Pooling" bottom: "conv" top: "half"
            pooling_param { kernel_size: 2 stride: 2 } }
    """ + heads("conv", "b1", "s1", 2) + heads("half", "b2", "s2", 1) + """
    layer { name: "boxes" type: "Concat" bottom: "b1r" bottom: "b2r" top: "boxes" }
    layer { name: "all" type: "Concat" bottom: "s1r" bottom: "s2r" top: "all"
            concat_param { axis: 1 } }
    layer { name: "scores" type: "Softmax" bottom: "all" top: "scores" softmax_param { axis: 2 } }
    """
    y = F.relu(F.conv2d(x, w, padding=1))
    half = F.max_pool2d(y, 2)

    def rows(*maps, n):
        return torch.cat([m.permute(0, 2, 3, 1).reshape(1, -1, n) for m in maps], 1)

    boxes = rows(F.conv2d(y, a), F.conv2d(half, c), n=4)
    scores = rows(F.conv2d(y, b), F.conv2d(half, d), n=3).softmax(2)
    weights = {"conv": [w], "b1": [a], "s1": [b], "b2": [c], "s2": [d]}
    save_caffe("tables", prototxt, weights, [2, 8, 6], np.concatenate([boxes.ravel(), scores.ravel()]))


for kind in "keras", "onnx", "caffe":
    os.makedirs(os.path.join(folder, kind), exist_ok=True)
keras_classifier()
keras_map()
keras_sequential()
keras_archive()
torch_model("blocks", Blocks(), [2, 11, 7], opset_version=14)
torch_model("decoder", Decoder(), [2, 5, 7], opset_version=11)
old_operators()
kinds_of_constants()
computed_shapes()
reductions()
caffe_classifier()
caffe_map()
caffe_tables()
