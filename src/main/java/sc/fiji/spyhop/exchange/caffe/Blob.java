package sc.fiji.spyhop.exchange.caffe;

import java.util.List;

/** Values of a layer, row-major. */
record Blob(List<Integer> shape, float[] values) {}
