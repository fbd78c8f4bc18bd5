"""Imports architectures of torchvision and Keras, written by their own exporters, and makes the table in docs.

    pip install torch torchvision onnx onnxscript onnxruntime keras h5py numpy
    python src/test/python/well_known_networks.py target/spyhop/bin/spyhop table.md [NAME ...]

Weights are random, and so are means and variances of batch normalization, so that nothing cancels
out. Each file is imported (--translate, else --as-is); the model is exported to ONNX again, and ONNX
Runtime runs it on an image of random pixels, whose result is compared with that of the original
network in PyTorch or Keras: the largest difference, divided by the largest value. Networks that stay as
they are cannot be exported: what ONNX Runtime makes of the file itself is compared then.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

os.environ["KERAS_BACKEND"] = "torch"
warnings.filterwarnings("ignore")

import keras
import numpy as np
import onnx
import onnxruntime
import torch
import torchvision

spyhop, table, chosen = sys.argv[1], sys.argv[2], sys.argv[3:]

SPREAD = 1.5

# the older exporter at two versions of the operators, and the newer one
TORCH = [("old", 11), ("old", 17), ("new", 18)]

CLASSIFIERS = """alexnet resnet18 resnet50 resnext50_32x4d densenet121 googlenet inception_v3
mobilenet_v2 mobilenet_v3_small mnasnet1_0 squeezenet1_1 shufflenet_v2_x1_0 efficientnet_b0
efficientnet_v2_s regnet_y_400mf convnext_tiny vit_b_16 swin_t maxvit_t""".split()
SEGMENTERS = "fcn_resnet50 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large".split()
KERAS = """VGG16 ResNet50 ResNet50V2 InceptionV3 InceptionResNetV2 Xception MobileNet MobileNetV2
MobileNetV3Small DenseNet121 NASNetMobile EfficientNetB0 EfficientNetV2B0 ConvNeXtTiny""".split()


class Classes(torch.nn.Module):
    """Probabilities; what goes into the softmax is spread such that errors are seen behind it."""

    def __init__(self, net, of_pixels):
        super().__init__()
        self.net = net
        self.of_pixels = of_pixels
        self.scale = 1.0

    def values(self, x):
        y = self.net(x)
        return y["out"] if self.of_pixels else y

    def forward(self, x):
        return (self.values(x) * self.scale).softmax(1)


def torch_network(name):
    torch.manual_seed(1)
    if name in SEGMENTERS:
        net = getattr(torchvision.models.segmentation, name)(weights=None, weights_backbone=None, num_classes=5)
        net, shape = Classes(net, True), (1, 3, 128, 160)
    else:
        how = {"init_weights": True} if name in ("googlenet", "inception_v3") else {}
        net = getattr(torchvision.models, name)(weights=None, num_classes=10, **how)
        side = 299 if name == "inception_v3" else 224
        net, shape = Classes(net, False), (1, 3, side, side)
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.running_mean.normal_(0, 0.2)
            m.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(m.weight, 0.6, 1.4)
            torch.nn.init.normal_(m.bias, 0, 0.2)
        if isinstance(m, torch.nn.Linear) and not m.weight.any():
            torch.nn.init.normal_(m.weight, 0, 0.1)
    net.eval()
    x = torch.rand(shape, generator=torch.Generator().manual_seed(2)) * 2 - 1
    with torch.no_grad():
        net.scale = SPREAD / float(net.values(x).std())
        y = net(x)
    return net, x, y.numpy()


def relative(a, b):
    return float(np.abs(a - b).max() / np.abs(a).max())


def run(*arguments):
    done = subprocess.run([spyhop, *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def imported(file, pixels, expected, folder):
    """What becomes of a file: a word and the largest difference, or the reason."""
    model = os.path.join(folder, "net.spyhop")
    task = "segment" if expected.ndim == 4 else "classify"
    code, said = run("models", "import", file, "--translate", "--task", task, "--preprocess",
                     "rgb/127.5-1", "--output", model, "--force")
    if code == 0:
        again = os.path.join(folder, "again.onnx")
        code, said = run("models", "export", model, "--onnx", again, "--force")
        if code != 0:
            return "translated", said.strip()
        session = onnxruntime.InferenceSession(again)
        size = session.get_inputs()[0].shape[2:]
        found = session.run(None, {session.get_inputs()[0].name: pixels})[0]
        return "translated", f"{relative(expected, found.reshape(expected.shape)):.0e}"
    reason = re.sub(r"^.*?has no layer for: ", "", said.strip().splitlines()[-1])
    if not file.endswith(".onnx"):
        return "refused", reason
    code, told = run("models", "import", file, "--as-is", "--task", task, "--preprocess",
                     "rgb/127.5-1", "--output", model, "--force")
    if code != 0:
        return "refused", told.strip().splitlines()[-1]
    session = onnxruntime.InferenceSession(file)
    found = session.run(None, {session.get_inputs()[0].name: pixels})[0]
    return "as it is", f"{relative(expected, found):.0e} | {reason}"


def of_torch(name):
    net, x, expected = torch_network(name)
    for exporter, opset in TORCH:
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "net.onnx")
            try:
                with open(os.devnull, "w") as null:
                    out, sys.stdout = sys.stdout, null
                    try:
                        torch.onnx.export(net, x, file, opset_version=opset, dynamo=exporter == "new")
                    finally:
                        sys.stdout = out
            except Exception as e:
                yield f"{exporter}, {opset}", "not exported", str(e).splitlines()[0][:80]
                continue
            yield f"{exporter}, {opset}", *imported(file, x.numpy(), expected, folder)


def of_keras(name):
    keras.utils.set_random_seed(1)
    how = {"include_preprocessing": False} if re.match("EfficientNetV2|MobileNetV3|ConvNeXt", name) else {}
    side = 299 if re.match("Inception|Xception", name) else 224
    try:
        net = getattr(keras.applications, name)(weights=None, classes=10, input_shape=(side, side, 3), **how)
    except ValueError as e:
        # NASNet is held back from PyTorch
        yield ".h5", "not made", str(e)[:80]
        return
    random = np.random.default_rng(3)
    for w in net.weights:
        if "variance" in w.path:
            w.assign(random.uniform(0.5, 2, w.shape))
        elif "moving_mean" in w.path or "beta" in w.path:
            w.assign(random.normal(0, 0.2, w.shape))
    x = (random.random((1, 3, side, side)) * 2 - 1).astype(np.float32)
    kernel = [l for l in net.layers if hasattr(l, "kernel")][-1].kernel
    kernel.assign(kernel * (SPREAD / np.log(net.predict(x.transpose(0, 2, 3, 1), verbose=0)).std()))
    expected = net.predict(x.transpose(0, 2, 3, 1), verbose=0)
    for ending in "h5", "keras":
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "net." + ending)
            net.save(file)
            yield f".{ending}", *imported(file, x, expected, folder)


lines = ["| network | file | becomes | difference |", "|---|---|---|---|"]
for library, names, rows in ("torchvision", CLASSIFIERS + SEGMENTERS, of_torch), ("Keras", KERAS, of_keras):
    for name in names:
        if chosen and name not in chosen:
            continue
        for how, what, result in rows(name):
            lines.append(f"| {library} {name} | {how} | {what} | {result} |")
            print(lines[-1], flush=True)
        with open(table, "w") as f:
            f.write("\n".join(lines) + "\n")
