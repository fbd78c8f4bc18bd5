package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's operations by name, writing to arrays that are there already. */
final class Ops {

  private Ops() {}

  /** Runs an operation on arrays that broadcast. */
  static void run(String op, INDArray out, INDArray... in) {
    exec(op, in, new INDArray[] {out});
  }

  static void exec(String op, INDArray[] in, INDArray[] out, int... arguments) {
    exec(builder(op, in, out).addIntegerArguments(arguments).build());
  }

  /** An operation with a number. */
  static void scalar(String op, INDArray out, INDArray in, Double... arguments) {
    exec(
        builder(op, new INDArray[] {in}, new INDArray[] {out})
            .addFloatingPointArguments(arguments)
            .build());
  }

  private static DynamicCustomOp.DynamicCustomOpsBuilder builder(
      String op, INDArray[] in, INDArray[] out) {
    return DynamicCustomOp.builder(op).addInputs(in).addOutputs(out);
  }

  private static void exec(CustomOp op) {
    Nd4j.exec(op);
  }

  /** Sums, maxima, … over some dimensions, which go. */
  static void reduce(String op, INDArray in, INDArray out, int... dimensions) {
    exec("reduce_" + op, new INDArray[] {in}, new INDArray[] {out}, dimensions);
  }
}
