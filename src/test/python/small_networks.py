"""Writes torchvision's and Keras' architectures, made small, by their own exporters, with random weights.

    pip install torch torchvision onnx onnxscript keras h5py numpy
    python src/test/python/small_networks.py src/test/resources/sc/fiji/spyhop/exchange/small

The code of each architecture is that of the library, with fewer blocks and channels; means and variances
of batch normalization are random, too. Beside each file is NAME.json, with the shape of the input (channel, row,
column) and what PyTorch or Keras gives for an input whose i-th value, in that order, is
((37 * i) % 101) / 50 - 1.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import torch
import torchvision.models as tv
from torchvision.models.convnext import CNBlockConfig
from torchvision.models.efficientnet import MBConvConfig, FusedMBConvConfig
from torchvision.models.mobilenetv3 import InvertedResidualConfig
from torchvision.models.regnet import BlockParams
from fixtures import bare, expecting, pack, pixels

folder = sys.argv[1]
expect = expecting(folder)
os.makedirs(folder, exist_ok=True)
CLASSES = 4

# standard deviation of what goes into the last softmax, so that errors are seen behind it
SPREAD = 1.5


class Classes(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x).softmax(1)


def save_torch(name, net, side=64):
    torch.manual_seed(1)
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.running_mean.normal_(0, 0.2)
            m.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(m.weight, 0.6, 1.4)
            torch.nn.init.normal_(m.bias, 0, 0.2)
    net.eval()
    x = torch.from_numpy(pixels((3, side, side)))
    last = [m for m in net.modules() if isinstance(m, torch.nn.Linear)][-1]
    with torch.no_grad():
        last.weight *= SPREAD / net(x).std()
    net = Classes(net).eval()
    for exporter, opset in ("older", 11), ("newer", 18):
        path = os.path.join(folder, f"{name}-{opset}.onnx")
        torch.onnx.export(net, x, path, opset_version=opset, dynamo=exporter == "newer", external_data=False)
        bare(path)
    with torch.no_grad():
        expect(name, [3, side, side], net(x))


def save_keras(name, net, endings):
    random = np.random.default_rng(3)
    for w in net.weights:
        if "variance" in w.path:
            w.assign(random.uniform(0.5, 2, w.shape))
        elif "moving_mean" in w.path or "beta" in w.path:
            w.assign(random.normal(0, 0.2, w.shape))
    rows, columns, channels = net.input_shape[1:]
    x = pixels((channels, rows, columns)).transpose(0, 2, 3, 1)
    kernel = [l for l in net.layers if hasattr(l, "kernel")][-1].kernel
    kernel.assign(kernel * (SPREAD / np.log(net.predict(x, verbose=0)).std()))
    expect(name, [channels, rows, columns], net.predict(x, verbose=0))
    for ending in endings:
        path = os.path.join(folder, name + ending)
        net.save(path)
        pack(path)


def of_torch():
    torch.manual_seed(0)
    save_torch("mobilenet_v2", tv.MobileNetV2(CLASSES, 0.25, [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 1, 2]]))
    block = lambda i, k, e, o, se, act, s: InvertedResidualConfig(i, k, e, o, se, act, s, 1, 1)
    save_torch("mobilenet_v3", tv.MobileNetV3([block(8, 3, 16, 8, True, "RE", 2), block(8, 5, 24, 12, True, "HS", 2),
                                               block(12, 5, 24, 12, False, "HS", 1)], 16, num_classes=CLASSES))
    save_torch("shufflenet_v2", tv.ShuffleNetV2([2, 2, 2], [8, 8, 16, 24, 16], CLASSES))
    save_torch("densenet", tv.DenseNet(4, (2, 2), 8, num_classes=CLASSES))
    save_torch("convnext", tv.ConvNeXt([CNBlockConfig(8, 16, 1), CNBlockConfig(16, None, 1)], num_classes=CLASSES, layer_scale=0.5))
    save_torch("efficientnet", tv.EfficientNet([FusedMBConvConfig(2, 3, 1, 8, 8, 1), MBConvConfig(4, 3, 2, 8, 12, 2)], 0.2,
                                               num_classes=CLASSES, last_channel=16))
    save_torch("regnet", tv.RegNet(BlockParams([1, 2], [8, 16], [4, 4], [1.0, 1.0], [2, 2], 0.25), CLASSES, stem_width=8))
    save_torch("resnet", SmallResNet())


class SmallResNet(tv.ResNet):
    """Bottlenecks of groups, a quarter as wide."""

    def __init__(self):
        super().__init__(tv.resnet.Bottleneck, [1, 1, 1, 1], CLASSES)
        self.inplanes = 8
        self.groups, self.base_width = 2, 64
        self.conv1 = torch.nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(8)
        self.layer1 = self._make_layer(tv.resnet.Bottleneck, 4, 1)
        self.layer2 = self._make_layer(tv.resnet.Bottleneck, 6, 2, 2)
        self.layer3 = torch.nn.Identity()
        self.layer4 = torch.nn.Identity()
        self.fc = torch.nn.Linear(24, CLASSES)


def of_keras():
    keras.utils.set_random_seed(1)
    from keras.src.applications import convnext, efficientnet, nasnet

    shape = (64, 64, 3)
    common = {"include_top": True, "weights": None, "input_shape": shape, "classes": CLASSES}
    save_keras("nasnet", nasnet.NASNet(input_shape=shape, penultimate_filters=96, num_blocks=1, stem_block_filters=8,
                                       skip_reduction=False, filter_multiplier=2, include_top=True, weights=None,
                                       classes=CLASSES), [".h5"])
    save_keras("convnext_keras", convnext.ConvNeXt(depths=[1, 1, 1, 1], projection_dims=[8, 8, 16, 16], default_size=64,
                                                   include_preprocessing=False, **common), [".h5", ".keras"])
    from keras.src.applications import mobilenet_v3

    def stack(x, kernel, activation, ratio):
        x = mobilenet_v3._inverted_res_block(x, 2, 8, 3, 2, ratio, mobilenet_v3.relu, 1)
        return mobilenet_v3._inverted_res_block(x, 2, 8, kernel, 1, ratio, activation, 2)

    save_keras("mobilenet_v3_keras", mobilenet_v3.MobileNetV3(stack, 16, alpha=0.5, minimalistic=False,
                                                              include_preprocessing=False, **common), [".keras"])
    save_keras("efficientnet_keras", efficientnet.EfficientNet(0.1, 0.1, 64, **common), [".keras"])


of_torch()
of_keras()
