package sc.fiji.spyhop.exchange.onnx;

import sc.fiji.spyhop.exchange.graph.Value;

/** A value that is the same whatever the image. */
record Known(Constant constant) implements Value {}
