"""Writes the ONNX files of src/test/resources/sc/fiji/spyhop/exchange/asis, and what ONNX Runtime in
Python makes of an input.

    python src/test/python/as_is_networks.py

Needs torch, onnx, onnxruntime. Each NAME.onnx has a NAME_input.npy and a NAME_output.npy; those of
detectors have in NAME_found.npy what is found in detector_image.npy.
"""
import os

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

here = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../resources/sc/fiji/spyhop/exchange/asis")


def save(name, model, x, external=False):
    path = os.path.join(here, name + ".onnx")
    if external:
        values = os.path.join(here, name + ".data")
        if os.path.exists(values):
            os.remove(values)
        onnx.save_model(model, path, save_as_external_data=True, location=name + ".data",
                        size_threshold=64)
    else:
        onnx.save_model(model, path)
    run(name, path, x)


def run(name, path, x):
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(None, {session.get_inputs()[0].name: x})
    np.save(os.path.join(here, name + "_input.npy"), x.astype(np.float32))
    np.save(os.path.join(here, name + "_output.npy"), outputs[0].astype(np.float32))


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


class Coarse(nn.Module):
    """Three classes of places of 4 pixels, channels last on both sides."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 6, 4, 4)
        self.mix = nn.Parameter(torch.randn(3, 6))

    def forward(self, x):
        a = torch.tanh(self.down(x.permute(0, 3, 1, 2)))
        return torch.einsum("oc,bchw->bhwo", self.mix, a)


class Detector(nn.Module):
    """Boxes from one convolution of stride 8, written down as some family of detectors does."""

    def __init__(self, family, rows=6, columns=8):
        super().__init__()
        self.family = family
        self.scores = {"yolov8": 3, "yolov5": 4, "yolov10": 3, "ssd": 4, "detr": 4}[family]
        self.conv = nn.Conv2d(3, 4 + self.scores, 8, 8)
        with torch.no_grad():
            self.conv.weight *= 6
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        self.grid = torch.stack([x, y]).reshape(1, 2, -1).float() * 8 + 4
        self.size = torch.tensor([columns * 8.0, rows * 8.0]).reshape(1, 2, 1)

    def forward(self, image):
        v = self.conv(image).flatten(2)
        center = self.grid + 8 * torch.tanh(v[:, :2])
        half = 4 * torch.exp(0.5 * torch.tanh(v[:, 2:4]))
        logits = v[:, 4:]
        centers = torch.cat([center, 2 * half], 1)
        corners = torch.cat([center - half, center + half], 1)
        if self.family == "yolov8":
            return torch.cat([centers, torch.sigmoid(logits)], 1)
        if self.family == "yolov5":
            return torch.cat([centers, torch.sigmoid(logits)], 1).transpose(1, 2)
        if self.family == "yolov10":
            best, which = torch.sigmoid(logits).max(1, keepdim=True)
            return torch.cat([corners, best, which.float()], 1).transpose(1, 2)
        four = torch.cat([self.size, self.size], 1)
        if self.family == "ssd":
            return torch.softmax(logits, 1).transpose(1, 2), (corners / four).transpose(1, 2)
        return logits.transpose(1, 2), (centers / four).transpose(1, 2)


def found(family, values, width, height):
    """Class, score and corners in pixels, cut off at the edges, of what is found, best first."""
    first = values[0][0].astype(np.float64)
    if family == "yolov8":
        first = first.T
    if family in ("yolov8", "yolov5"):
        scores = first[:, 4:] if family == "yolov8" else first[:, 5:] * first[:, 4:5]
        boxes, which, best = first[:, :4], scores.argmax(1), scores.max(1)
    elif family == "yolov10":
        boxes, which, best = first[:, :4], first[:, 5].astype(int), first[:, 4]
    else:
        boxes = values[1][0].astype(np.float64) * [width, height, width, height]
        if family == "detr":
            first = np.exp(first) / np.exp(first).sum(1, keepdims=True)
        scores = first[:, 1:] if family == "ssd" else first[:, :-1]
        which, best = scores.argmax(1), scores.max(1)
    if family in ("yolov8", "yolov5", "detr"):
        boxes = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)
    least = 0.5 if family in ("ssd", "detr") else 0.25
    most = 1 if family in ("yolov10", "detr") else 0.45
    kept = []
    for i in np.argsort(-best, kind="stable"):
        if best[i] < least:
            break
        if all(which[k] != which[i] or iou(boxes[k], boxes[i]) <= most for k in kept):
            kept.append(i)
    cut = np.clip(boxes, 0, [width, height, width, height])
    return np.array([[which[i], best[i], *cut[i]] for i in kept
                     if cut[i][2] > cut[i][0] and cut[i][3] > cut[i][1]], np.float32)


def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    both = max(0, w) * max(0, h)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def detector(family, work):
    torch.manual_seed(3)
    image = np.random.RandomState(4).randint(0, 256, (1, 3, 48, 64)).astype(np.float32)
    x = image / np.float32(255)
    names = ["boxes"] if family.startswith("yolo") else ["scores", "boxes"]
    torch.onnx.export(Detector(family).eval(), torch.from_numpy(x), work, dynamo=False,
                      opset_version=17, input_names=["image"], output_names=names)
    path = os.path.join(here, family + ".onnx")
    onnx.save_model(onnx.load(work), path)
    values = ort.InferenceSession(path).run(None, {"image": x})
    np.save(os.path.join(here, "detector_image.npy"), image)
    np.save(os.path.join(here, family + "_found.npy"), found(family, values, 64, 48))


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

    last = random.rand(1, 32, 64, 3).astype(np.float32)
    save("pixels_last", export(Coarse(), last, work), last)

    for family in ("yolov8", "yolov5", "yolov10", "ssd", "detr"):
        detector(family, work)

    os.remove(work)


if __name__ == "__main__":
    main()
