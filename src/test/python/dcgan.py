"""What a user would write in PyTorch instead of `spyhop train generate` on MNIST.

usage: dcgan.py FOLDER_WITH_IDX_FILES OUTPUT_FOLDER SECONDS [--count 1000] [--seed 1] [--width 64] [--averaging 0.999]

The networks of Radford, Metz and Chintala (2015) for 28 x 28 pixels, as the default of Spyhop has them, trained for
so many seconds (compilation and reading not counted) with minibatches of 64, Adam of 0.0002 and momentum 0.5, labels
of real images of 0.9. Writes images/N.png, which `spyhop evaluate generate` takes, and prints the steps made.
"""

import argparse
import gzip
import pathlib
import time

import numpy as np
import torch
from PIL import Image
from torch import nn

p = argparse.ArgumentParser()
p.add_argument("data", type=pathlib.Path)
p.add_argument("output", type=pathlib.Path)
p.add_argument("seconds", type=float)
p.add_argument("--count", type=int, default=1000)
p.add_argument("--seed", type=int, default=1)
p.add_argument("--width", type=int, default=64)
p.add_argument("--averaging", type=float, default=0)
a = p.parse_args()
torch.manual_seed(a.seed)
with gzip.open(next(a.data.glob("train-images*gz"))) as f:
    pixels = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
images = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1)
w = a.width
generator = nn.Sequential(
    nn.ConvTranspose2d(100, 2 * w, 7, bias=False), nn.BatchNorm2d(2 * w), nn.ReLU(True),
    nn.ConvTranspose2d(2 * w, w, 4, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU(True),
    nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Tanh())
discriminator = nn.Sequential(
    nn.Conv2d(1, w, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Conv2d(w, 2 * w, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * w), nn.LeakyReLU(0.2, True),
    nn.Conv2d(2 * w, 1, 7))
for m in [*generator.modules(), *discriminator.modules()]:
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1, 0.02)
optimizers = [torch.optim.Adam(n.parameters(), 2e-4, (0.5, 0.999)) for n in (generator, discriminator)]
loss = nn.BCEWithLogitsLoss()
average = {k: v.clone() for k, v in generator.state_dict().items()}
start = time.perf_counter()
steps = 0
while time.perf_counter() - start < a.seconds:
    for batch in torch.randperm(len(images)).split(64)[: len(images) // 64]:
        fake = generator(torch.randn(64, 100, 1, 1))
        discriminator.zero_grad(set_to_none=True)
        real = discriminator(images[batch])
        (loss(real, torch.full_like(real, 0.9)) + loss(made := discriminator(fake.detach()), torch.zeros_like(made))).backward()
        optimizers[1].step()
        generator.zero_grad(set_to_none=True)
        loss(told := discriminator(fake), torch.ones_like(told)).backward()
        optimizers[0].step()
        steps += 1
        if a.averaging:
            share = 1 - min(a.averaging, steps / (9 + steps))
            for k, v in generator.state_dict().items():
                if v.is_floating_point():
                    average[k] += share * (v - average[k])
        if time.perf_counter() - start >= a.seconds:
            break
print(f"{steps} steps in {time.perf_counter() - start:.1f} s")
if a.averaging:
    generator.load_state_dict(average)
generator.eval()
folder = a.output / "images"
folder.mkdir(parents=True, exist_ok=True)
with torch.no_grad():
    for i in range(a.count):
        values = generator(torch.randn(1, 100, 1, 1))[0, 0].numpy()
        Image.fromarray(np.rint(np.clip((values + 1) * 127.5, 0, 255)).astype(np.uint8)).save(folder / f"{i}.png")
