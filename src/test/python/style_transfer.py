"""The loss of `spyhop style`, made small by PyTorch: for comparing results and times.

    spyhop models export squeezenet --onnx squeezenet.onnx
    python src/test/python/style_transfer.py squeezenet.onnx photo.png style.png painted.png
        --colors bgr --offset 104,117,123 --content fire8/concat
        --style conv1/relu,fire4/concat,fire8/concat,fire9/concat

Same network, layers, weights, first image, steps and optimizer (torch.optim.LBFGS without line search, 20
steps of memory); images are not resized. Pixels are from 0 to 1. It prints the loss and its parts after the last
step, and the seconds that the steps took, without reading files and compiling.
"""

import argparse
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image


class Net:
    """As much of an ONNX file as leads to some of its values."""

    def __init__(self, file, wanted, average):
        graph = onnx.load(file).graph
        self.weights = {
            w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in graph.initializer
        }
        self.input = [i.name for i in graph.input if i.name not in self.weights][0]
        needed = set(wanted)
        self.nodes = []
        for node in reversed(graph.node):
            if needed & set(node.output):
                needed |= set(node.input)
                self.nodes.insert(0, node)
        self.average = average
        self.attributes = [
            {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute} for n in self.nodes
        ]

    def __call__(self, image):
        values = {self.input: image}
        for node, a in zip(self.nodes, self.attributes):
            x = [values.get(i, self.weights.get(i)) for i in node.input]
            pads = a.get("pads", [0, 0, 0, 0])
            if node.op_type == "Conv":
                y = F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, a["strides"], pads[:2],
                             groups=a.get("group", 1))
            elif node.op_type == "Relu":
                y = F.relu(x[0])
            elif node.op_type in ("MaxPool", "AveragePool"):
                mean = self.average or node.op_type == "AveragePool"
                ceil = bool(a.get("ceil_mode", 0))
                if mean:
                    y = F.avg_pool2d(x[0], a["kernel_shape"], a["strides"], pads[:2], ceil, False)
                else:
                    y = F.max_pool2d(x[0], a["kernel_shape"], a["strides"], pads[:2], ceil_mode=ceil)
            elif node.op_type == "Concat":
                y = torch.cat(x, 1)
            else:
                raise SystemExit(f"{node.op_type} is not known here")
            values[node.output[0]] = y
        return values


def gram(maps):
    flat = maps.flatten(2)[0]
    return flat @ flat.T / flat.shape[1]


def pixels(file):
    rgb = np.asarray(Image.open(file).convert("RGB"), np.float32) / 255
    return torch.from_numpy(rgb.transpose(2, 0, 1).copy())[None]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("network")
    p.add_argument("photo")
    p.add_argument("painting")
    p.add_argument("output")
    p.add_argument("--content", required=True)
    p.add_argument("--style", required=True)
    p.add_argument("--colors", default="rgb")
    p.add_argument("--offset", default="0,0,0")
    p.add_argument("--scale", default="1,1,1")
    p.add_argument("--percentiles", help="of the photo, that become 0 and 1, such as 1,99.8")
    p.add_argument("--iterations", type=int, default=300)
    p.add_argument("--strength", type=float, default=100)
    p.add_argument("--smoothness", type=float, default=10)
    p.add_argument("--bounds", type=float, default=100)
    p.add_argument("--pooling", default="average")
    p.add_argument("--optimizer", default="lbfgs")
    o = p.parse_args()
    content, style = o.content.split(","), o.style.split(",")
    net = Net(o.network, content + style, o.pooling == "average")
    photo, painting = pixels(o.photo), pixels(o.painting)
    order = [2, 1, 0] if o.colors == "bgr" else [0, 1, 2]
    numbers = lambda text: torch.tensor([float(t) for t in text.split(",")]).view(1, 3, 1, 1)
    offset, scale = numbers(o.offset), numbers(o.scale)
    if o.percentiles:
        found = np.percentile(photo[0].numpy().reshape(3, -1) * 255,
                              [float(t) for t in o.percentiles.split(",")], axis=1)[:, order]
        offset = torch.tensor(found[0], dtype=torch.float32).view(1, 3, 1, 1)
        scale = 1 / (torch.tensor(found[1], dtype=torch.float32).view(1, 3, 1, 1) - offset)
    shown = lambda x: (x[:, order] * 255 - offset) * scale

    with torch.no_grad():
        of_photo, of_painting = net(shown(photo)), net(shown(painting))
        targets = {c: of_photo[c] for c in content}
        grams = {s: gram(of_painting[s]) for s in style}
    image = photo.clone().requires_grad_(True)
    parts = {}

    def loss():
        maps = net(shown(image))
        c = sum((maps[n] - t).square().sum() / t.square().sum() for n, t in targets.items())
        s = sum((gram(maps[n]) - g).square().sum() / g.square().sum() for n, g in grams.items())
        c, s = c / len(targets), s / len(grams)
        rough = ((image[..., 1:] - image[..., :-1]).square().sum()
                 + (image[..., 1:, :] - image[..., :-1, :]).square().sum()) / image.numel()
        beyond = (image - image.clamp(0, 1)).square().mean()
        total = c + o.strength * s + o.smoothness * rough + o.bounds * beyond
        parts.update(content=c.item(), style=s.item(), total=total.item())
        return total

    if o.optimizer == "adam":
        optimizer = torch.optim.Adam([image], lr=0.02)
        steps = o.iterations
    else:
        optimizer = torch.optim.LBFGS([image], lr=1, max_iter=o.iterations, history_size=20,
                                      max_eval=10 ** 9, tolerance_grad=0, tolerance_change=0)
        steps = 1

    def closure():
        optimizer.zero_grad()
        scaled = image.numel() * loss()
        scaled.backward()
        return scaled

    start = time.perf_counter()
    for _ in range(steps):
        optimizer.step(closure)
    with torch.no_grad():
        loss()
    seconds = time.perf_counter() - start
    result = (image.detach()[0].clamp(0, 1).numpy().transpose(1, 2, 0) * 255).round()
    Image.fromarray(result.astype(np.uint8)).save(o.output)
    print(f"loss {parts['total']:.6g} (content {parts['content']:.6g}, style {parts['style']:.6g})"
          f" after {o.iterations} iterations, {seconds:.1f} s")


main()
