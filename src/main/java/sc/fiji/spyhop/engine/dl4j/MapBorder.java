package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows and columns around a map, in pixels. */
record MapBorder(int top, int bottom, int left, int right) {

  boolean isEmpty() {
    return top == 0 && bottom == 0 && left == 0 && right == 0;
  }

  /** A block with undefined values and room for the border. */
  Block take(Block inner, BlockPool pool) {
    return pool.take(
        inner.size(0), inner.size(1), inner.size(2) + top + bottom, inner.size(3) + left + right);
  }

  /** A copy with a border of one value. */
  Block around(Block inner, double value, BlockPool pool) {
    Block outer = take(inner, pool);
    outer.array.assign(value);
    inside(outer).assign(inner.array);
    return outer;
  }

  /** Copies all but the border. */
  void cut(Block outer, Block inner) {
    inner.array.assign(inside(outer));
  }

  private INDArray inside(Block outer) {
    return outer.array.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(top, outer.size(2) - bottom),
        NDArrayIndex.interval(left, outer.size(3) - right));
  }
}
