"""What PyTorch makes of three steps of an adversarial training, for AdversarialStepsTest.

Weights, noise and images follow formulas, so that nothing has to be carried over. Prints losses and, of
each parameter, the sum of its values and of its values by their position.
"""

import math

import torch
from torch import nn


def formula(shape, phase, scale):
    n = math.prod(shape)
    return torch.tensor([scale * math.sin(phase + 0.7 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


generator = nn.Sequential(
    nn.ConvTranspose2d(3, 4, 2, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.ConvTranspose2d(4, 1, 4, 2, 1), nn.Tanh()
).double()
discriminator = nn.Sequential(
    nn.Conv2d(1, 4, 4, 2, 1),
    nn.LeakyReLU(0.01),
    nn.Conv2d(4, 4, 3, 1, 1, bias=False),
    nn.BatchNorm2d(4),
    nn.LeakyReLU(0.01),
    nn.Conv2d(4, 1, 2),
).double()
for network in (generator, discriminator):
    for k, p in enumerate(network.parameters()):
        p.data = formula(p.shape, k, 0.5) + (1 if network[1] is not None and p.dim() == 1 and k % 2 == 1 else 0)

rate, smoothing = 0.05, 0.1
optimizers = [torch.optim.Adam(n.parameters(), lr=rate, betas=(0.5, 0.999)) for n in (generator, discriminator)]
loss = nn.BCEWithLogitsLoss()
for step in range(3):
    real = formula((5, 1, 4, 4), 10 + step, 1)
    noise = formula((5, 3, 1, 1), 20 + step, 2)
    fake = generator(noise)
    discriminator.zero_grad()
    of_real = discriminator(real)
    of_fake = discriminator(fake.detach())
    first = loss(of_real, torch.full_like(of_real, 1 - smoothing)) + loss(of_fake, torch.zeros_like(of_fake))
    first.backward()
    optimizers[1].step()
    generator.zero_grad()
    fooled = discriminator(fake)
    second = loss(fooled, torch.ones_like(fooled))
    second.backward()
    optimizers[0].step()
    print(f"step {step}: {first.item():.6f} {second.item():.6f} {(of_real > 0).double().mean():.1f} {(of_fake > 0).double().mean():.1f}")
for name, network in (("generator", generator), ("discriminator", discriminator)):
    for key, value in network.state_dict().items():
        if "num_batches" in key:
            continue
        flat = value.flatten()
        by_place = (flat * torch.arange(1, len(flat) + 1)).sum()
        print(f"{name} {key} {flat.sum():.6f} {by_place:.6f}")
