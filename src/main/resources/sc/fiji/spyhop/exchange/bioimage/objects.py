"""Objects of an image, as numbers of pixels:   python objects.py image.tif labels.tif

What the network gives for each pixel, the probability of an object and the depth in it, is made into objects as Spyhop
does it at scale 1. Needs numpy, scipy, scikit-image and onnxruntime, and @weights@ beside it.
"""
import pathlib
import sys

import numpy as np
import onnxruntime
from scipy import ndimage
from skimage import io, measure, morphology, segmentation

if len(sys.argv) != 3:
    sys.exit(__doc__)
STEP = @step@  # sizes that the network takes are multiples of it
pixels = io.imread(sys.argv[1]).astype(np.float32)
pixels = pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
if pixels.ndim != 3 or len(pixels) != @channels@:
    sys.exit(f"expected an image of @channels@ channels (rows, columns, channels), received {pixels.shape[1:] + pixels.shape[:1]}")
@normalize@
height, width = pixels.shape[1:]
padded = np.pad(pixels, ((0, 0), (0, -height % STEP), (0, -width % STEP)), mode="reflect")[None].astype(np.float32)
network = onnxruntime.InferenceSession(pathlib.Path(__file__).with_name("@weights@"))
outputs = network.run(None, {network.get_inputs()[0].name: padded})
inside, depth = (o[0, 0, :height, :width] for o in outputs[:2])

depth = ndimage.gaussian_filter(np.clip(depth, 0, 1.2), @smoothing@)
mask = inside > np.float32(@foreground@)
peaks = depth - morphology.reconstruction(depth - np.float32(@peakHeight@), depth) > 0.999 * @peakHeight@
seeds = measure.label(peaks & mask & (depth > @minDepth@), connectivity=2)
parts = measure.label(mask, connectivity=1)
without = parts * ~np.isin(parts, parts[seeds > 0])  # parts that hold no peak are objects as they are
seeds = np.where(without > 0, seeds.max() + without, seeds)
labels = segmentation.watershed(-depth, seeds, connectivity=1, mask=mask)
area = np.maximum(1, np.bincount(labels.flat))
improbable = np.bincount(labels.flat, inside.flat) / area < @minProbability@
labels[((area < @minArea@) | improbable)[labels]] = 0
_, first, number = np.unique(labels, return_index=True, return_inverse=True)  # numbers by the first pixel
order = np.argsort(np.argsort(np.where(labels.flat[first] > 0, first, -1)))
labels = order[number].reshape(labels.shape) + (0 if (labels == 0).any() else 1)
io.imsave(sys.argv[2], labels.astype(np.uint16 if labels.max() < 65536 else np.uint32), check_contrast=False)
print(labels.max(), "objects")
