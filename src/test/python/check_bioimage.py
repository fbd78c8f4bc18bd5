"""Checks packages that `spyhop models export --bioimage` wrote, with nothing of Spyhop.

    python check_bioimage.py bioimageio_schema.json package.zip ...

The schema is src/bioimageio/spec/static/bioimageio_schema.json of github.com/bioimage-io/spec-bioimage-io. Of each
package: the schema; the checksums; the rules that the schema does not hold (sizes, halos, references, units, the
tolerance); and the preprocessing in NumPy, the network in ONNX Runtime and the postprocessing in NumPy, which have to
give the test outputs. Needs numpy, pyyaml, jsonschema and onnxruntime.
"""
import hashlib
import io
import json
import keyword
import re
import sys
import zipfile

import jsonschema
import numpy as np
import onnxruntime
import yaml


def schema_errors(schema, rdf):
    """Of the version that the schema is of: the number alone differs between patches of 0.5."""
    name = "bioimageio__spec__model__v0_5__ModelDescr"
    version = schema["$defs"][name]["properties"]["format_version"]["const"]
    assert rdf["format_version"].startswith("0.5."), rdf["format_version"]
    whole = dict(schema["$defs"][name], **{"$defs": schema["$defs"]})
    described = json.loads(json.dumps(dict(rdf, format_version=version), default=str))
    errors = jsonschema.Draft202012Validator(whole).iter_errors(described)
    return [f"{e.json_path}: {e.message[:300]}" for e in errors]


def size(axis, sizes):
    """Of an output's axis, by the sizes and scales of the inputs."""
    if isinstance(axis["size"], int):
        return axis["size"]
    reference = axis["size"]
    n, scale = sizes[reference["tensor_id"], reference["axis_id"]]
    return int(n * scale / axis.get("scale", 1) + reference.get("offset", 0))


def rule_errors(rdf, arrays):
    errors = []
    ids = [t["id"] for t in rdf["inputs"] + rdf["outputs"]]
    if len(set(ids)) < len(ids):
        errors.append(f"ids of tensors come twice: {ids}")
    sizes = {}
    units = {}
    for tensor in rdf["inputs"] + rdf["outputs"]:
        is_input = tensor in rdf["inputs"]
        array = arrays[tensor["test_tensor"]["source"]]
        if array.ndim != len(tensor["axes"]):
            errors.append(f"{tensor['id']}: {array.shape}, {len(tensor['axes'])} axes")
            continue
        names = [a.get("id", a["type"]) for a in tensor["axes"]]
        if len(set(names)) < len(names):
            errors.append(f"{tensor['id']}: axes come twice: {names}")
        for axis, name, n in zip(tensor["axes"], names, array.shape):
            at = f"{tensor['id']}.{name}"
            if axis["type"] == "channel":
                if len(axis["channel_names"]) != n:
                    errors.append(f"{at}: {len(axis['channel_names'])} names, {n} channels")
                errors += [f"{at}: {c} is no identifier" for c in axis["channel_names"]
                           if not c.isidentifier() or keyword.iskeyword(c)]
            elif axis["type"] == "space" and is_input:
                asked = axis["size"]
                if isinstance(asked, int):
                    good = n == asked
                else:
                    good = n >= asked["min"] and (n - asked["min"]) % asked["step"] == 0
                if not good:
                    errors.append(f"{at}: {n} of the test is not of {asked}")
                sizes[tensor["id"], name] = n, axis.get("scale", 1)
                units[tensor["id"], name] = axis.get("unit")
            elif axis["type"] == "space":
                if n != size(axis, sizes):
                    errors.append(f"{at}: {n} of the test, {size(axis, sizes)} by the description")
                if isinstance(axis["size"], dict):
                    key = axis["size"]["tensor_id"], axis["size"]["axis_id"]
                    if axis.get("unit") != units[key]:
                        errors.append(f"{at}: {axis.get('unit')} of {units[key]}")
                    least = [a for t in rdf["inputs"] if t["id"] == key[0] for a in t["axes"]
                             if a.get("id") == key[1]][0]["size"]["min"]
                    halo = axis.get("halo", 0) * axis.get("scale", 1) / sizes[key][1]
                    if halo != int(halo) or least - 2 * halo < 1:
                        errors.append(f"{at}: a halo of {halo} in an image of {least}")
        for step in tensor.get("preprocessing", []) + tensor.get("postprocessing", []):
            for a in step.get("kwargs", {}).get("axes", []):
                if a not in names:
                    errors.append(f"{tensor['id']}: {step['id']} over {a}, which is not there")
    for tolerance in rdf["config"]["bioimageio"].get("reproducibility_tolerance", []):
        for tensor in rdf["outputs"]:
            largest = arrays[tensor["test_tensor"]["source"]].max()
            if tolerance.get("output_ids") and tensor["id"] not in tolerance["output_ids"]:
                continue
            if tolerance.get("absolute_tolerance", 0) > 0.01 * largest:
                errors.append(f"{tensor['id']}: tolerance {tolerance}, largest value {largest}")
    return errors


def processed(values, steps, tensor):
    """Pre- or postprocessing by the specification's words."""
    names = [a.get("id", a["type"]) for a in tensor["axes"]]
    x = values.astype(np.float64)
    for step in steps:
        k = step.get("kwargs", {})
        if step["id"] == "ensure_dtype":
            x = x.astype(k["dtype"])
            continue
        over = tuple(names.index(a) for a in k.get("axes", names))
        shape = [1] * x.ndim
        if "axis" in k:
            shape[names.index(k["axis"])] = -1
        if step["id"] == "scale_linear":
            x = x * np.reshape(k.get("gain", 1.0), shape) + np.reshape(k.get("offset", 0.0), shape)
        elif step["id"] == "scale_range":
            low = np.percentile(x, k.get("min_percentile", 0.0), axis=over, keepdims=True)
            high = np.percentile(x, k.get("max_percentile", 100.0), axis=over, keepdims=True)
            x = (x - low) / (high - low + k.get("eps", 1e-6))
        elif step["id"] == "zero_mean_unit_variance":
            mean, std = x.mean(over, keepdims=True), x.std(over, keepdims=True)
            x = (x - mean) / (std + k.get("eps", 1e-6))
        elif step["id"] == "sigmoid":
            x = 1 / (1 + np.exp(-x))
        elif step["id"] == "clip":
            x = np.clip(x, k.get("min"), k.get("max"))
        elif step["id"] == "binarize":
            x = x > np.reshape(k["threshold"], shape)
        else:
            raise SystemExit(f"no NumPy for {step}")
    return x


def run_errors(rdf, arrays, onnx):
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    tensor = rdf["inputs"][0]
    x = processed(arrays[tensor["test_tensor"]["source"]], tensor.get("preprocessing", []), tensor)
    given = session.run(None, {session.get_inputs()[0].name: x.astype(np.float32)})
    errors, worst = [], 0
    for y, tensor in zip(given, rdf["outputs"]):
        expected = arrays[tensor["test_tensor"]["source"]]
        y = processed(y, tensor.get("postprocessing", []), tensor)
        difference = np.abs(y - expected).max() / max(1e-9, np.abs(expected).max())
        worst = max(worst, difference)
        if not difference < 1e-3:
            errors.append(f"{tensor['id']}: differs by {difference:.2g} of the largest value")
    return errors, worst


def main(schema, *packages):
    schema = json.load(open(schema))
    bad = 0
    for package in packages:
        files = {n: f.read(n) for f in [zipfile.ZipFile(package)] for n in f.namelist()}
        rdf = yaml.safe_load(files["rdf.yaml"])
        rdf["timestamp"] = str(rdf.get("timestamp"))
        errors = schema_errors(schema, rdf)
        references = [rdf["weights"]["onnx"]] + [t["test_tensor"] for t in rdf["inputs"] + rdf["outputs"]]
        errors += [f"{r['source']}: another checksum" for r in references
                   if hashlib.sha256(files[r["source"]]).hexdigest() != r["sha256"]]
        if not re.search("#.*[vV]alidation", files[rdf["documentation"]].decode()):
            errors.append("no section on validation in the documentation")
        arrays = {n: np.load(io.BytesIO(b), allow_pickle=False) for n, b in files.items() if n.endswith(".npy")}
        errors += rule_errors(rdf, arrays)
        more, worst = run_errors(rdf, arrays, files[rdf["weights"]["onnx"]["source"]])
        errors += more
        bad += bool(errors)
        steps = [s["id"] for s in rdf["inputs"][0].get("preprocessing", [])]
        print(f"{package}: {'wrong' if errors else 'right'}; {', '.join(steps)}; test outputs differ by {worst:.1e}")
        for e in errors:
            print("    " + e)
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
