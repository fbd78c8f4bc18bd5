"""What the scripts beside this one share: the input that every network is given, and the file of answers."""

import functools
import gzip
import json
import os

import numpy as np


def pixels(shape):
    """An input [1, *shape], whose i-th value is ((37 * i) % 101) / 50 - 1."""
    i = np.arange(int(np.prod(shape)))
    return (((37 * i) % 101) / 50 - 1).astype(np.float32).reshape((1, *shape))


def expecting(folder):
    """What writes the answer to that, as channel, row and column, into a file NAME.json of a folder."""
    return functools.partial(expect, folder)


def expect(folder, name, shape, output):
    values = [float(f"{v:.6g}") for v in np.asarray(output, np.float32).ravel()]
    with open(os.path.join(folder, name + ".json"), "w") as f:
        json.dump({"shape": shape, "expected": values}, f)


def pack(path):
    """Makes a file one that ends in .gz, with the same bytes every time."""
    with open(path, "rb") as f, gzip.GzipFile(path + ".gz", "wb", mtime=0) as g:
        g.write(f.read())
    os.remove(path)


def bare(path):
    """Leaves out of an ONNX file where in a program its nodes come from."""
    import onnx

    model = onnx.load(path)
    graph = model.graph
    values = *graph.value_info, *graph.input, *graph.output
    for part in model, graph, *graph.node, *values:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, path)
