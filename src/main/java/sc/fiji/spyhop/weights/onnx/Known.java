package sc.fiji.spyhop.weights.onnx;

import sc.fiji.spyhop.weights.imports.Value;

/** A value that is the same whatever the image. */
record Known(Constant constant) implements Value {}
