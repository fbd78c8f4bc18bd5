package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows and columns around a map, in pixels. */
record Border(int top, int bottom, int left, int right) {

  boolean isEmpty() {
    return top == 0 && bottom == 0 && left == 0 && right == 0;
  }

  /** A copy with a border of one value, or the map itself if there is none. */
  INDArray around(INDArray inner, double value) {
    if (isEmpty()) return inner;
    long[] shape = inner.shape();
    shape = new long[] {shape[0], shape[1], shape[2] + top + bottom, shape[3] + left + right};
    INDArray outer = Nd4j.createUninitialized(shape);
    outer.assign(value);
    inside(outer).assign(inner);
    return outer;
  }

  /** All but the border, where it lies. */
  INDArray inside(INDArray outer) {
    return outer.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(top, outer.size(2) - bottom),
        NDArrayIndex.interval(left, outer.size(3) - right));
  }
}
