"""Writes the ONNX files of src/test/resources/sc/fiji/spyhop/exchange/asis, and what ONNX Runtime in
Python makes of an input.

    python src/test/python/as_is_networks.py

Needs torch, onnx, onnxruntime. Each NAME.onnx has a NAME_input.npy and one NAME_output.npy, or
NAME_OUTPUT.npy for each of several outputs.
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

here = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../resources/sc/fiji/spyhop/exchange/asis")


def save(name, model, x, external=False):
    path = os.path.join(here, name + ".onnx")
    if external:
        onnx.save_model(model, path, save_as_external_data=True, location=name + ".data",
                        size_threshold=64)
    else:
        onnx.save_model(model, path)
    run(name, path, x)


def run(name, path, x):
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(None, {session.get_inputs()[0].name: x})
    np.save(os.path.join(here, name + "_input.npy"), x.astype(np.float32))
    for port, value in zip(session.get_outputs(), outputs):
        end = "output" if len(outputs) == 1 else port.name
        np.save(os.path.join(here, f"{name}_{end}.npy"), value.astype(np.float32))


def export(module, x, path, **more):
    module.eval()
    torch.onnx.export(module, torch.from_numpy(x), path, dynamo=False, opset_version=17,
                      input_names=["image"], output_names=["logits"], **more)
    return onnx.load(path)


class Transformer(nn.Module):
    """A vision transformer: patches of 8 pixels, one block of attention, four classes."""

    def __init__(self, softmax):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 8, 8)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.places = nn.Parameter(torch.randn(1, 17, 16))
        self.before = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.out = nn.Linear(16, 16)
        self.after = nn.LayerNorm(16)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.head = nn.Linear(16, 4)
        self.softmax = softmax

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
        q, k, v = self.qkv(self.before(x)).reshape(-1, 17, 3, 2, 8).permute(2, 0, 3, 1, 4)
        a = torch.softmax(q @ k.transpose(-2, -1) / 8 ** 0.5, -1) @ v
        x = x + self.out(a.transpose(1, 2).reshape(-1, 17, 16))
        x = x + self.mlp(self.after(x))
        x = self.head(x[:, 0])
        return torch.softmax(x, 1) if self.softmax else x


class Normed(nn.Module):
    """Three classes of pixels, by convolutions whose outputs are shifted with einsum."""

    def __init__(self, instance):
        super().__init__()
        self.first = nn.Conv2d(1, 6, 3, padding=1)
        self.norm = nn.InstanceNorm2d(6, affine=True) if instance else nn.Identity()
        self.down = nn.Conv2d(6, 6, 2, 2)
        self.up = nn.ConvTranspose2d(6, 6, 2, 2)
        self.mix = nn.Parameter(torch.randn(3, 6))

    def forward(self, x):
        a = torch.relu(self.norm(self.first(x)))
        b = self.up(torch.relu(self.down(a)))
        return torch.einsum("oc,bchw->bohw", self.mix, torch.erf(a + b))


def main():
    torch.manual_seed(1)
    random = np.random.RandomState(1)
    image = random.rand(1, 3, 32, 32).astype(np.float32)
    work = os.path.join(here, "work.onnx")

    save("transformer", export(Transformer(True), image, work), image)
    plain = export(Transformer(False), image, work, dynamic_axes={"image": {0: "batch"}})
    save("transformer_data", plain, image, external=True)

    from onnxruntime.quantization import (CalibrationDataReader, QuantFormat, QuantType,
                                          quantize_dynamic, quantize_static)

    class Images(CalibrationDataReader):
        def __init__(self):
            self.left = [{"image": random.rand(1, 3, 32, 32).astype(np.float32)} for _ in range(8)]

        def get_next(self):
            return self.left.pop() if self.left else None

    torch.manual_seed(2)
    convolutions = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, padding=1),
        nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))
    export(convolutions, image, work)
    path = os.path.join(here, "qdq.onnx")
    quantize_static(work, path, Images(), quant_format=QuantFormat.QDQ,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    run("qdq", path, image)
    path = os.path.join(here, "dynamic.onnx")
    quantize_dynamic(work, path, weight_type=QuantType.QUInt8)
    run("dynamic", path, image)

    half = export(Transformer(False).half(), image.astype(np.float16), work)
    save("half", half, image.astype(np.float16))

    grey = random.rand(1, 1, 48, 64).astype(np.float32)
    axes = {"image": {0: "batch", 2: "height", 3: "width"},
            "logits": {0: "batch", 2: "height", 3: "width"}}
    save("pixels", export(Normed(False), grey, work, dynamic_axes=axes), grey)
    save("pixels_global", export(Normed(True), grey, work, dynamic_axes=axes), grey)
    square = random.rand(1, 1, 64, 64).astype(np.float32)
    save("pixels_fixed", export(Normed(False), square, work), square)

    os.remove(work)


if __name__ == "__main__":
    main()
