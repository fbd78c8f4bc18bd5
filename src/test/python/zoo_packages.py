"""Small bioimage.io packages, one for each format of weights, in versions 0.4 and 0.5 of the description; see torch_files.py.

What comes before and behind a network is done here in NumPy after the words of the specification.
"""

import hashlib
import io
import os
import struct
import zipfile
import zlib

import numpy as np
import torch
import torch.nn as nn
import yaml

ROWS, COLUMNS = 16, 24


def image(channels=1):
    """Pixel values from 0 to 4000 or so, brighter in the middle."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    noise = (np.arange(channels * ROWS * COLUMNS).reshape(channels, ROWS, COLUMNS) * 37) % 101
    return (20 * noise + 2000 * np.exp(-((y - 8) ** 2 + (x - 12) ** 2) / 40.0)).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(0))
    return e / e.sum(0)


def said(net, prepared):
    with torch.no_grad():
        return net(torch.from_numpy(prepared[None].astype(np.float32)))[0].numpy()


def png(width, height):
    """A picture of steps of colour."""
    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in (x // 40 * 25, y // 30 * 25, 120)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def npy(array):
    out = io.BytesIO()
    np.save(out, array.astype(np.float32))
    return out.getvalue()


def sha(data):
    return hashlib.sha256(data).hexdigest()


ABOUT = {
    "type": "model",
    "authors": [{"name": "Ada Example", "affiliation": "Institute of Examples"}, {"name": "Ben Sample"}],
    "cite": [{"text": "Example et al., Journal of Examples", "doi": "10.1234/example"}],
    "license": "CC-BY-4.0",
    "tags": ["example", "2d"],
    "documentation": "README.md",
    "covers": ["cover.png"],
    "timestamp": "2026-01-01T00:00:00+00:00",
}

DOCUMENTATION = b"# Example\n\nFinds what is bright. Made of random weights, for tests.\n"


def write_zip(path, description, files):
    everything = {"rdf.yaml": yaml.safe_dump(description, sort_keys=False).encode(), "README.md": DOCUMENTATION, "cover.png": png(400, 300)} | files
    with zipfile.ZipFile(path, "w") as z:
        for name, data in everything.items():
            z.writestr(zipfile.ZipInfo(name, (1980, 2, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def old(path, name, axes, steps, behind, weights, pixels, output, files):
    """Version 0.4: letters for axes, names of steps, lists of tests."""
    order = lambda a: np.moveaxis(a, 0, -1)[None] if axes == "byxc" else a[None]
    pixels, output = order(pixels), order(output)
    sizes = lambda a: {"min": list(a.shape), "step": [0 if c in "bc" else 4 for c in axes]}
    description = {
        "format_version": "0.4.10", "name": name, "description": name + ", with random weights",
        **ABOUT,
        "inputs": [{"name": "raw", "axes": axes, "data_type": "float32", "data_range": [0, 65535], "shape": sizes(pixels), "preprocessing": steps}],
        "outputs": [{"name": "seen", "axes": axes, "data_type": "float32", "data_range": [0, 1], "halo": [0 if c in "bc" else 8 for c in axes],
                     "shape": {"reference_tensor": "raw", "scale": [1] * 4, "offset": [0] * 4}, "postprocessing": behind}],
        "test_inputs": ["input.npy"], "test_outputs": ["output.npy"],
        "weights": weights,
    }
    write_zip(path, description, files | {"input.npy": npy(pixels), "output.npy": npy(output)})


def new(path, name, steps, behind, weights, pixels, output, files, classes=None):
    """Version 0.5: axes with types, ids of steps, a test of each tensor."""
    def axes(count, names, halo):
        size = lambda n: {"size": {"min": n, "step": 4}} if halo is None else {"size": {"tensor_id": "raw", "axis_id": "y" if n == ROWS else "x"}, "halo": halo}
        return [{"type": "batch"}, {"type": "channel", "channel_names": names or [f"c{i}" for i in range(count)]},
                {"type": "space", "id": "y", **size(ROWS)}, {"type": "space", "id": "x", **size(COLUMNS)}]
    description = {
        "format_version": "0.5.4", "name": name, "description": name + ", with random weights",
        **ABOUT,
        "inputs": [{"id": "raw", "axes": axes(len(pixels), None, None), "preprocessing": steps,
                    "test_tensor": {"source": "input.npy", "sha256": sha(npy(pixels[None]))}}],
        "outputs": [{"id": "seen", "axes": axes(len(output), classes, 4), "postprocessing": behind,
                     "test_tensor": {"source": "output.npy", "sha256": sha(npy(output[None]))}}],
        "weights": weights,
    }
    write_zip(path, description, files | {"input.npy": npy(pixels[None]), "output.npy": npy(output[None])})


def state(net):
    buffer = io.BytesIO()
    torch.save(net.state_dict(), buffer)
    return buffer.getvalue()


def onnx(net, channels=1):
    import onnx as library

    buffer = io.BytesIO()
    torch.onnx.export(net, torch.zeros(1, channels, ROWS, COLUMNS), buffer, opset_version=17, input_names=["raw"], output_names=["seen"],
                      dynamic_axes={n: {0: "batch", 2: "y", 3: "x"} for n in ("raw", "seen")}, dynamo=False)
    model = library.load_from_string(buffer.getvalue())
    for node in model.graph.node:
        node.doc_string = ""
    return model.SerializeToString()


def script(net):
    from torch_files import packed

    buffer = io.BytesIO()
    torch.jit.save(torch.jit.trace(net, torch.zeros(1, 1, ROWS, COLUMNS)), buffer)
    return packed(buffer.getvalue(), zipfile.ZIP_DEFLATED)


def keras(path):
    """Three convolutions, channels last, with a sigmoid; and what it says."""
    import keras as library
    from keras import layers as L

    library.utils.set_random_seed(3)
    x = i = library.Input((None, None, 1), name="raw")
    x = L.Conv2D(4, 3, padding="same", activation="relu", name="a")(x)
    y = L.Conv2D(4, 3, padding="same", activation="relu", name="b")(L.MaxPooling2D(2, name="pool")(x))
    x = L.Concatenate(name="join")([x, L.UpSampling2D(2, name="up")(y)])
    model = library.Model(i, L.Conv2D(1, 1, activation="sigmoid", name="seen")(x))
    model.save(path)
    return model


def write(folder):
    from torch_files import Milesial, Plain, TorchEm, Wolny, random

    os.makedirs(folder, exist_ok=True)
    at = lambda name: os.path.join(folder, name + ".zip")
    pixels = image()

    net = random(Plain())
    low, high = np.percentile(pixels, 1), np.percentile(pixels, 99.8)
    out = softmax(said(net, (pixels - low) / (high - low + 1e-6)))
    data = onnx(net)
    new(at("onnx_05"), "Bright things", [{"id": "ensure_dtype", "kwargs": {"dtype": "float32"}},
        {"id": "scale_range", "kwargs": {"axes": ["y", "x"], "min_percentile": 1, "max_percentile": 99.8, "reference_tensor": "raw"}}],
        [{"id": "softmax", "kwargs": {"axis": "channel"}}], {"onnx": {"source": "weights.onnx", "sha256": sha(data), "opset_version": 17}},
        pixels, out, {"weights.onnx": data}, ["ground", "bright"])

    net = random(Plain(outputs=1))
    out = sigmoid(said(net, (pixels - pixels.mean()) / (pixels.std() + 1e-6)))
    data = onnx(net)
    old(at("onnx_04"), "Bright things of old", "bcyx", [{"name": "zero_mean_unit_variance", "kwargs": {"mode": "per_sample", "axes": "cyx"}}],
        [{"name": "sigmoid"}], {"onnx": {"source": "weights.onnx", "sha256": sha(data), "opset_version": 17}}, pixels, out, {"weights.onnx": data})

    file = os.path.join(folder, "keras.h5")
    model = keras(file)
    with open(file, "rb") as f:
        data = f.read()
    os.remove(file)
    prepared = np.clip(pixels * 0.0005 - 0.1, 0, 1.5)
    out = np.asarray(model.predict(prepared[0][None, :, :, None].astype(np.float32), verbose=0))[0, :, :, 0][None]
    old(at("keras_04"), "Bright things of Keras", "byxc", [{"name": "scale_linear", "kwargs": {"gain": 0.0005, "offset": -0.1, "axes": "yx"}},
        {"name": "clip", "kwargs": {"min": 0.0, "max": 1.5}}], [], {"keras_hdf5": {"source": "weights.h5", "sha256": sha(data), "tensorflow_version": "2.16"}},
        pixels, out, {"weights.h5": data})

    net = random(TorchEm("instance", nn.Sigmoid(), 1))
    out = said(net, (pixels - 700) / 500)
    data = state(net)
    new(at("state_dict_05"), "Bright things of PyTorch", [{"id": "fixed_zero_mean_unit_variance", "kwargs": {"mean": 700, "std": 500}}], [],
        {"pytorch_state_dict": {"source": "weights.pt", "sha256": sha(data), "pytorch_version": "2.1",
                                "architecture": {"source": "unet.py", "callable": "UNet2d", "kwargs": {"depth": 2, "final_activation": "Sigmoid"}}}},
        pixels, out, {"weights.pt": data, "unet.py": b"raise SystemExit('nobody runs this')\n"})

    net = random(Wolny())
    out = softmax(said(net, (pixels - pixels.mean()) / (pixels.std() + 1e-6)))
    data = state(net)
    old(at("state_dict_04"), "Bright things of wolny", "bcyx", [{"name": "zero_mean_unit_variance", "kwargs": {"mode": "per_sample", "axes": "yx"}}], [],
        {"pytorch_state_dict": {"source": "weights.pytorch", "sha256": sha(data), "architecture": "pytorch3dunet.unet3d.model.UNet2D",
                                "kwargs": {"in_channels": 1, "out_channels": 2, "layer_order": "gce"}}},
        pixels, out, {"weights.pytorch": data})

    net = random(Milesial(True))
    out = softmax(said(net, pixels / 1000))
    data = script(net)
    new(at("torchscript_05"), "Bright things of a script", [{"id": "scale_linear", "kwargs": {"gain": 0.001}}], [{"id": "softmax"}],
        {"torchscript": {"source": "weights.pt", "sha256": sha(data), "pytorch_version": "2.1"}}, pixels, out, {"weights.pt": data})


if __name__ == "__main__":
    import sys

    write(sys.argv[1])
