"""Times of PyTorch for the networks of `spyhop benchmark`, on a GPU or, with the argument CPU, on processors.
usage: torch_times.py [CPU] [--bf16] [MODEL.onnx ...]
--bf16: under torch.autocast with bfloat16; MODEL.onnx: predicting with what `spyhop models export --onnx` wrote.
Prints a line of JSON for each: name, median_ms, min_ms, device."""
import json
import pathlib
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

device = torch.device("cpu" if "CPU" in sys.argv[1:] else "cuda")
bf16 = "--bf16" in sys.argv[1:]
files = [a for a in sys.argv[1:] if a.endswith(".onnx")]
if files:
    import onnx
    import onnx.numpy_helper
torch.manual_seed(0)
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
        with torch.autocast(device.type, torch.bfloat16, bf16):
            value = loss(net(x.to(device)), y.to(device))
        value.backward()
        optimizer.step()
    return step


def prediction(net, x):
    net.eval()

    def step():
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, bf16):
            net(x.to(device)).cpu()
    return step


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def operation(node):
    """One of an exported network, as a function of its inputs."""
    kind, a = node.op_type, attributes(node)
    pads, kernel = a.get("pads", [0] * 4), a.get("kernel_shape")

    def padding(x):
        if a.get("auto_pad", b"NOTSET") == b"NOTSET":
            return pads
        gaps = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(x.shape[2:], kernel, a["strides"])]
        return [g // 2 for g in gaps] + [g - g // 2 for g in gaps]

    def padded(x, value=0.0):
        top, left, bottom, right = padding(x)
        return F.pad(x, (left, right, top, bottom), value=value) if top + left + bottom + right else x

    def convolution(x, weight, bias=None):
        around = padding(x)
        even = around[:2] == around[2:]
        return F.conv2d(
            x if even else padded(x), weight, bias, a["strides"], around[:2] if even else 0,
            a.get("dilations", 1), a.get("group", 1))

    def gemm(x, weight, bias=None):
        return F.linear(x, weight if a.get("transB") else weight.t(), bias)

    def resize(x, *rest):
        scales = [float(s) for s in rest[-1]][2:]
        return F.interpolate(x, scale_factor=scales, mode="nearest")

    operations = {
        "Conv": convolution, "Gemm": gemm, "Resize": resize, "Relu": F.relu, "Sigmoid": torch.sigmoid,
        "MaxPool": lambda x: F.max_pool2d(padded(x, float("-inf")), kernel, a["strides"]),
        "AveragePool": lambda x: F.avg_pool2d(padded(x), kernel, a["strides"]),
        "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True), "Add": torch.add, "Mul": torch.mul,
        "BatchNormalization": lambda x, w, b, m, v: F.batch_norm(x, m, v, w, b, eps=a.get("epsilon", 1e-5)),
        "Concat": lambda *x: torch.cat(x, a["axis"]), "Softmax": lambda x: F.softmax(x, a.get("axis", -1)),
        "Flatten": lambda x: x.flatten(a.get("axis", 1)), "Identity": lambda x: x,
        "Reshape": lambda x, to: x.reshape([int(n) for n in to]), "Dropout": lambda x, *rest: x}
    if kind not in operations:
        sys.exit(f"torch_times.py: the operator {kind} is not known here")
    return operations[kind]


class Exported(nn.Module):
    """A network from a file that "spyhop models export --onnx" wrote."""
    def __init__(self, file):
        super().__init__()
        graph = onnx.load(file).graph
        self.input = graph.input[0].name
        self.sizes = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim][1:]
        values = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in graph.initializer}
        self.values = {k: v.to(device) if v.is_floating_point() and v.dim() else v for k, v in values.items()}
        self.steps = [(operation(n), list(n.input), n.output[0]) for n in graph.node]
        self.outputs = [o.name for o in graph.output]

    def forward(self, x):
        maps = dict(self.values)
        maps[self.input] = x
        for step, inputs, output in self.steps:
            maps[output] = step(*(maps[i] for i in inputs if i))
        return maps[self.outputs[0]]


def basic(channels, filters, stride):
    return nn.Sequential(
        nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(True),
        nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True), nn.MaxPool2d(3, 2, 1))
        sizes = [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2),
                 (512, 512, 1)]
        self.blocks = nn.ModuleList(basic(*s) for s in sizes)
        self.shortcuts = nn.ModuleList(
            nn.Identity() if i == o else nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o))
            for i, o, s in sizes)
        self.head = nn.Linear(512, 1000)

    def forward(self, x):
        x = self.stem(x)
        for block, shortcut in zip(self.blocks, self.shortcuts):
            x = F.relu(block(x) + shortcut(x))
        return self.head(x.mean((2, 3)))


def inputs(*shape):
    return torch.rand(*shape).to(memory_format=layout)


for layout, suffix in ((torch.contiguous_format, ""), (torch.channels_last, " channels last")):
    digits = inputs(128, 1, 28, 28)
    net = lenet().to(device, memory_format=layout)
    measure("lenet train b128" + suffix, 10, 40, training(net, digits, torch.arange(128) % 10, nn.CrossEntropyLoss()))
    measure("lenet infer b128" + suffix, 10, 40, prediction(net, digits))
    images = inputs(4, 1, 256, 256)
    net = UNet().to(device, memory_format=layout)
    truth = (images > 0.5).float()
    measure("unet16 256x256 train b4" + suffix, 3, 15, training(net, images, truth, nn.BCEWithLogitsLoss()))
    measure("unet16 256x256 infer b4" + suffix, 3, 15, prediction(net, images))
    measure("unet16 256x256 infer b1" + suffix, 5, 25, prediction(net, images[:1]))
    photos = inputs(8, 3, 224, 224)
    net = ResNet18().to(device, memory_format=layout)
    measure("resnet18 train b8" + suffix, 3, 12, training(net, photos, torch.arange(8) % 10, nn.CrossEntropyLoss()))
    measure("resnet18 infer b1" + suffix, 5, 25, prediction(net, photos[:1]))
    for file in files:
        net = Exported(file).to(device)
        channels, height, width = (n or 512 for n in net.sizes)
        size = f"{height}x{width}"
        name = pathlib.Path(file).stem
        measure(f"{name} {size} infer b1" + suffix, 5, 15, prediction(net, inputs(1, channels, height, width)))
