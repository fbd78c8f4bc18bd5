package sc.fiji.spyhop.engine.dl4j;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Padding;

/**
 * ND4J's convolutions, which oneDNN or cuDNN compute where they can.
 *
 * @param op its name
 * @param kernel, stride, dilation, padding: of rows and columns
 * @param same whether zeros are put around as the stride asks for, instead of the padding
 */
record ConvolutionOps(
    String op, int[] kernel, int[] stride, int[] dilation, int[] padding, boolean same) {

  /** With no zeros around, unless it is by the stride. */
  static ConvolutionOps of(String op, Convolution l) {
    int[][] sizes =
        Stream.of(l.kernel(), l.stride(), l.dilation())
            .map(s -> s.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    boolean same = l.padding() == Padding.SAME;
    return new ConvolutionOps(op, sizes[0], sizes[1], sizes[2], new int[2], same);
  }

  /** Rows and columns of what comes out. */
  long[] outputSize(INDArray x) {
    return IntStream.range(0, 2)
        .mapToLong(
            d -> {
              long size = x.size(d + 2);
              if (same) return (size + stride[d] - 1) / stride[d];
              long extent = dilation[d] * (kernel[d] - 1L) + 1;
              return (size + 2L * padding[d] - extent) / stride[d] + 1;
            })
        .toArray();
  }

  /** The kernel lies as [out, in, rows, columns]. */
  private void run(String name, INDArray[] in, INDArray[] out) {
    int[] arguments = {
      kernel[0],
      kernel[1],
      stride[0],
      stride[1],
      padding[0],
      padding[1],
      dilation[0],
      dilation[1],
      same ? 1 : 0,
      0,
      1
    };
    Runnable work = () -> Ops.exec(name, in, out, arguments);
    if (dilation[0] == 1 && dilation[1] == 1) work.run();
    else NativeLibrary.withoutOneDnn(work);
  }

  /**
   * Convolves.
   *
   * @param weights kernel and, if there is one, bias
   * @param y to be filled
   */
  void forward(INDArray x, INDArray[] weights, INDArray y) {
    run(op, with(new INDArray[] {x}, weights), new INDArray[] {y});
  }

  /**
   * Takes a gradient back.
   *
   * @param gx to be filled
   * @param weightGradients to be filled
   */
  void backward(
      INDArray x, INDArray[] weights, INDArray gy, INDArray gx, INDArray[] weightGradients) {
    INDArray[] in = with(with(new INDArray[] {x}, weights), new INDArray[] {gy});
    run(op + "_bp", in, with(new INDArray[] {gx}, weightGradients));
  }

  private static INDArray[] with(INDArray[] first, INDArray[] others) {
    return Stream.of(first, others).flatMap(Stream::of).toArray(INDArray[]::new);
  }
}
