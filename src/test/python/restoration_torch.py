"""The restoration of docs/restoration.md in PyTorch: the same network, crops, minibatches, optimiser and normalisation.

    python restoration_torch.py fluo-train fluo-test --seconds 184 --residual
    python restoration_torch.py fluo-train fluo-test --seconds 201 --blind

Trains on the images of TRAIN/input and TRAIN/target but each tenth, on which it is validated every 45 steps; the best
weights, plain or their moving average, restore TEST. Time for validation is not counted. Needs torch, tifffile,
scikit-image and numpy.
"""
import argparse
import glob
import time

import numpy as np
import tifffile
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import nn

WIDTHS = [16, 32, 64, 128, 256]


def twice(inputs, outputs):
    layers = []
    for channels in (inputs, outputs):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)


class Net(nn.Module):
    """A U-Net of five levels with batch norm, nearest upsampling and concatenation."""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(twice(i, o) for i, o in zip([1] + WIDTHS, WIDTHS))
        self.up = nn.ModuleList(twice(d + w, w) for w, d in reversed(list(zip(WIDTHS, WIDTHS[1:]))))
        self.last = nn.Conv2d(WIDTHS[0], 1, 1)

    def forward(self, x):
        skipped = []
        for level, block in enumerate(self.down):
            x = block(nn.functional.max_pool2d(x, 2) if level else x)
            skipped.append(x)
        for block, skip in zip(self.up, reversed(skipped[:-1])):
            x = block(torch.cat([nn.functional.interpolate(x, scale_factor=2), skip], 1))
        return self.last(x)


def read(folder):
    images = []
    for file in sorted(glob.glob(folder + "/input/*.tif")):
        image = tifffile.imread(file).astype(np.float32)
        target = tifffile.imread(file.replace("/input/", "/target/")).astype(np.float32)
        low, high = np.percentile(image, [1, 99.8]).astype(np.float32)
        images.append(((image - low) / (high - low), (target - low) / (high - low), target, low, high))
    return images


def minibatch(images, options, random):
    inputs, targets, weights = [], [], []
    side = options.crop
    for _ in range(options.batch):
        image, target = images[random.integers(len(images))][:2]
        row, column = (random.integers(n - side + 1) for n in image.shape)
        image, target = (a[row:row + side, column:column + side] for a in (image, target))
        turns, mirrored = random.integers(4), random.random() < 0.5
        image, target = (np.rot90(a, turns)[:: -1 if mirrored else 1] for a in (image, target))
        weight = np.ones_like(image)
        if options.blind:
            target, image, weight = image, image.copy(), np.zeros_like(image)
            for y in range(0, side, 22):
                for x in range(0, side, 22):
                    at = y + random.integers(22), x + random.integers(22)
                    if max(at) >= side:
                        continue
                    other = at
                    while other == at:
                        other = tuple(np.clip(v + random.integers(-2, 3), 0, side - 1) for v in at)
                    image[at], weight[at] = target[other], 1
        inputs.append(image.copy())
        targets.append(target.copy())
        weights.append(weight.copy())
    return [torch.from_numpy(np.stack(a)[:, None]) for a in (inputs, targets, weights)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--residual", action="store_true")
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--crop", type=int, default=128)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    images, test = read(options.train), read(options.test)
    validation, training = images[::10], [x for k, x in enumerate(images) if k % 10]
    net, other = Net(), Net()
    if options.residual:
        nn.init.zeros_(net.last.weight)
        nn.init.zeros_(net.last.bias)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, betas=(0.9, 0.99), weight_decay=1e-3)
    average = {k: v.clone() for k, v in net.state_dict().items()}

    def run(model, x):
        return model(x) + x if options.residual else model(x)

    def restored(model, image):
        model.eval()
        with torch.no_grad():
            said = run(model, torch.from_numpy(image[0])[None, None])[0, 0].numpy()
        return said * (image[4] - image[3]) + image[3]

    def figures(model, some):
        pairs = [(image[2], restored(model, image), np.ptp(image[2])) for image in some]
        return (np.mean([peak_signal_noise_ratio(t, r, data_range=d) for t, r, d in pairs]),
                np.mean([structural_similarity(t, r, data_range=d) for t, r, d in pairs]))

    spent, step, best, kept = 0.0, 0, -1.0, average
    while spent < options.seconds:
        start = time.time()
        net.train()
        x, y, w = minibatch(training, options, random)
        share = spent / options.seconds
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (share + 1e-4) / 0.05) * (0.5 * (1 + np.cos(np.pi * share)))
        loss = ((run(net, x) - y) ** 2 * w).sum() / w.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()
        with torch.no_grad():
            for name, value in net.state_dict().items():
                if value.is_floating_point():
                    average[name].lerp_(value, 0.005)
                else:
                    average[name].copy_(value)
        spent += time.time() - start
        step += 1
        if step % 45 == 0 or spent >= options.seconds:
            for weights in (average, net.state_dict()):
                other.load_state_dict(weights)
                psnr = figures(other, validation)[0]
                if psnr > best:
                    best, kept = psnr, {k: v.clone() for k, v in weights.items()}
    other.load_state_dict(kept)
    psnr, ssim = figures(other, test)
    print(f"{step} steps in {spent:.0f} s: PSNR {psnr:.2f} dB, SSIM {ssim:.4f} on {len(test)} images")


if __name__ == "__main__":
    main()
