"""Writes weights of small U-Nets as PyTorch files, and small bioimage.io packages in each format of weights.

    python3 -m venv v && v/bin/pip install torch keras h5py onnx numpy pyyaml
    KERAS_BACKEND=torch v/bin/python src/test/python/torch_files.py src/test/resources/sc/fiji/spyhop/exchange

The networks are written anew here after the public code of their families, with the same names, and random
weights. Of TorchScript archives what tells where code lay is left out.
"""

import io
import os
import sys
import zipfile
from collections import OrderedDict

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from fixtures import bare, expecting, pixels


def twice(i, o, bias=False):
    return nn.Sequential(*[m for a in (i, o) for m in (nn.Conv2d(a, o, 3, padding=1, bias=bias), nn.BatchNorm2d(o), nn.ReLU())])


class Plain(nn.Module):
    """down, up, head: two levels, nearest."""

    def __init__(self, inputs=1, outputs=2, base=2):
        super().__init__()
        w = [base, 2 * base, 4 * base]
        self.down = nn.ModuleList(twice(i, o) for i, o in zip([inputs] + w, w))
        self.up = nn.ModuleList(twice(w[i + 1] + w[i], w[i]) for i in (1, 0))
        self.head = nn.Conv2d(base, outputs, 1)

    def forward(self, x):
        kept = []
        for i, d in enumerate(self.down):
            x = d(F.max_pool2d(x, 2) if i else x)
            kept.append(x)
        kept.pop()
        for u in self.up:
            x = u(torch.cat([F.interpolate(x, scale_factor=2), kept.pop()], 1))
        return self.head(x)


class Double(nn.Module):
    def __init__(self, i, o, mid=None):
        super().__init__()
        m = mid or o
        self.double_conv = nn.Sequential(
            nn.Conv2d(i, m, 3, padding=1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
            nn.Conv2d(m, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), Double(i, o))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, i, o, bilinear):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True) if bilinear else nn.ConvTranspose2d(i, i // 2, 2, 2)
        self.conv = Double(i, o, i // 2 if bilinear else None)

    def forward(self, x, skip):
        return self.conv(torch.cat([skip, self.up(x)], 1))


class OutConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 1)

    def forward(self, x):
        return self.conv(x)


class Milesial(nn.Module):
    """inc, down1, down2, up1, up2, outc."""

    def __init__(self, bilinear, base=2):
        super().__init__()
        b, f = base, 2 if bilinear else 1
        self.inc = Double(1, b)
        self.down1 = Down(b, 2 * b)
        self.down2 = Down(2 * b, 4 * b // f)
        self.up1 = Up(4 * b, 2 * b // f, bilinear)
        self.up2 = Up(2 * b, b, bilinear)
        self.outc = OutConv(b, 2)

    def forward(self, x):
        a = self.inc(x)
        b = self.down1(a)
        return self.outc(self.up2(self.up1(self.down2(b), b), a))


def norm(kind, c):
    return {"instance": nn.InstanceNorm2d(c), "batch": nn.BatchNorm2d(c), "group": nn.GroupNorm(min(32, c), c)}[kind]


class Block(nn.Module):
    def __init__(self, i, o, kind):
        super().__init__()
        parts = []
        for a in (i, o):
            parts += ([] if kind is None else [norm(kind, a)]) + [nn.Conv2d(a, o, 3, padding=1), nn.ReLU()]
        self.block = nn.Sequential(*parts)

    def forward(self, x):
        return self.block(x)


class Sampler(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False))


class Encoder(nn.Module):
    def __init__(self, kind, base):
        super().__init__()
        self.blocks = nn.ModuleList([Block(1, base, kind), Block(base, 2 * base, kind)])


class Decoder(nn.Module):
    def __init__(self, kind, base):
        super().__init__()
        self.blocks = nn.ModuleList([Block(4 * base, 2 * base, kind), Block(2 * base, base, kind)])
        self.samplers = nn.ModuleList([Sampler(4 * base, 2 * base), Sampler(2 * base, base)])


class TorchEm(nn.Module):
    """encoder, base, decoder, out_conv."""

    def __init__(self, kind, last=None, outputs=2, base=2):
        super().__init__()
        self.encoder = Encoder(kind, base)
        self.base = Block(2 * base, 4 * base, kind)
        self.decoder = Decoder(kind, base)
        self.out_conv = nn.Conv2d(base, outputs, 1)
        self.final_activation = last

    def forward(self, x):
        kept = []
        for block in self.encoder.blocks:
            x = block(x)
            kept.append(x)
            x = F.max_pool2d(x, 2)
        x = self.base(x)
        for block, sampler in zip(self.decoder.blocks, self.decoder.samplers):
            x = block(torch.cat([sampler(x), kept.pop()], 1))
        x = self.out_conv(x)
        return x if self.final_activation is None else self.final_activation(x)


class Single(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(OrderedDict(groupnorm=nn.GroupNorm(1 if i < 8 else 8, i), conv=nn.Conv2d(i, o, 3, padding=1, bias=False), ReLU=nn.ELU()))


class Wolny(nn.Module):
    """encoders, decoders, final_conv, with group norm and ELU (order gce)."""

    def __init__(self):
        super().__init__()

        def level(i, m, o):
            return nn.ModuleDict({"basic_module": nn.Sequential(OrderedDict(SingleConv1=Single(i, m), SingleConv2=Single(m, o)))})

        self.encoders = nn.ModuleList([level(1, 4, 8), level(8, 8, 16)])
        self.decoders = nn.ModuleList([level(24, 8, 8)])
        self.final_conv = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.encoders[0]["basic_module"](x)
        b = self.encoders[1]["basic_module"](F.max_pool2d(a, 2))
        x = self.decoders[0]["basic_module"](torch.cat([a, F.interpolate(b, size=a.shape[2:])], 1))
        return self.final_conv(x)


class Behind(nn.Module):
    """A network with a function behind it that is no part of it."""

    def __init__(self, net, function):
        super().__init__()
        self.net = net
        self.function = function

    def forward(self, x):
        return self.function(self.net(x))


def random(net):
    """Random weights and statistics, so that nothing is what it began as."""
    torch.manual_seed(7)
    with torch.no_grad():
        for m in net.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.kaiming_normal_(m.weight)
                if m.bias is not None:
                    m.bias.uniform_(-0.1, 0.1)
            if isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
                m.weight.uniform_(0.5, 1.5)
                m.bias.uniform_(-0.5, 0.5)
            if isinstance(m, nn.BatchNorm2d):
                m.running_mean.uniform_(-0.5, 0.5)
                m.running_var.uniform_(0.5, 2)
    return net.eval()


def saved(content, path, **how):
    """With the same name within, whatever the file is called."""
    buffer = io.BytesIO()
    torch.save(content, buffer, **how)
    with open(path, "wb") as f:
        f.write(packed(buffer.getvalue()))


def packed(data, how=zipfile.ZIP_STORED):
    """A zip file without what tells where code lay, and with dates left out; other files as they are."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.endswith(".debug_pkl") and not name.endswith("serialization_id"):
                new.writestr(zipfile.ZipInfo("archive/" + name.split("/", 1)[1], (1980, 2, 1, 0, 0, 0)), old.read(name), how)
    return out.getvalue()


def scripted(net, path, shape=(1, 1, 16, 24)):
    written(torch.jit.trace(net, torch.from_numpy(pixels(shape[1:]))), path)


def written(script, path):
    buffer = io.BytesIO()
    torch.jit.save(script, buffer)
    with open(path, "wb") as f:
        f.write(packed(buffer.getvalue(), zipfile.ZIP_DEFLATED))


def said(net, shape):
    with torch.no_grad():
        return net(torch.from_numpy(pixels(shape))).numpy()


def ends(folder, expect):
    """Archives that differ in what they do behind the last convolution, and others that mislead."""
    path = lambda name: os.path.join(folder, name)
    shape = [1, 16, 24]
    net = Behind(random(Plain(outputs=1)), torch.sigmoid).eval()
    scripted(net, path("ends_sigmoid.pt"))
    expect("ends_sigmoid", shape, said(net, shape))
    milesial = random(Milesial(False))
    net = nn.Sequential(milesial, nn.Softmax(1)).eval()
    written(torch.jit.script(net), path("ends_softmax.pt"))
    expect("ends_softmax", shape, said(net, shape))
    written(torch.jit.script(Behind(milesial, nn.LogSoftmax(1)).eval()), path("ends_log.pt"))
    state = milesial.state_dict()
    state["down1.maxpool_conv.1.double_conv.0.weight"] = torch.zeros(4, 2, 5, 5)
    saved(state, path("milesial5.pt"))
    saved({"model": {"a.weight": torch.ones(2)}, "epoch": 1, "ema": {"a.weight": torch.zeros(2)}}, path("sets.pt"))


def files(folder):
    os.makedirs(folder, exist_ok=True)
    expect = expecting(folder)
    shape = [1, 16, 24]
    x = torch.from_numpy(pixels(shape))
    nets = {
        "plain": Plain(),
        "milesial": Milesial(False),
        "milesial_bilinear": Milesial(True),
        "torch_em": TorchEm("instance"),
        "torch_em_batch": TorchEm("batch"),
        "torch_em_group": TorchEm("group"),
        "torch_em_bare": TorchEm(None),
        "wolny": Wolny(),
    }
    for name, net in nets.items():
        random(net)
        saved(net.state_dict(), os.path.join(folder, name + ".pt"))
        with torch.no_grad():
            expect(name, shape, net(x).numpy())
    net = nets["plain"]
    state = net.state_dict()
    path = lambda name: os.path.join(folder, name)
    saved(state, path("old.pth"), _use_new_zipfile_serialization=False)
    saved({"epoch": 3, "loss": 0.25, "model_state_dict": OrderedDict(("module." + k, v) for k, v in state.items()), "lrs": [0.1, 2**70]}, path("checkpoint.pth"))
    for name in "plain", "torch_em":
        torch.onnx.export(nets[name], torch.zeros(1, *shape), path(name + ".onnx"), opset_version=17, dynamo=False,
                          input_names=["x"], dynamic_axes={"x": {2: "h", 3: "w"}})
        bare(path(name + ".onnx"))
    scripted(net, path("plain_script.pt"))
    scripted(random(TorchEm("instance", nn.Sigmoid(), 1)), path("sigmoid_script.pt"))
    saved(nn.Sequential(nn.Conv2d(1, 1, 1)), path("whole_module.pt"))
    types = {"f16": torch.float16, "bf16": torch.bfloat16, "f64": torch.float64, "i64": torch.int64, "i32": torch.int32, "i16": torch.int16, "i8": torch.int8, "u8": torch.uint8, "bool": torch.bool}
    base = torch.arange(12).reshape(3, 4) % 5
    kinds = {k: base.to(t) for k, t in types.items()}
    kinds |= {"transposed": base.float().t(), "part": base.float()[1:, 1:3], "row": base.float()[1], "scalar": torch.tensor(2.5), "parameter": nn.Parameter(base.float())}
    saved(kinds, path("kinds.pt"))
    saved(kinds, path("kinds_old.pt"), _use_new_zipfile_serialization=False)
    ends(folder, expect)


if __name__ == "__main__":
    root = sys.argv[1]
    files(os.path.join(root, "torch"))
    import zoo_packages

    zoo_packages.write(os.path.join(root, "bioimage"))
