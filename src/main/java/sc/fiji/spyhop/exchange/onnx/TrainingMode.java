package sc.fiji.spyhop.exchange.onnx;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;

/**
 * Networks that were exported while they were trained: what they say of an image depends on the
 * others of its batch, or on chance.
 */
final class TrainingMode {

  private static final String SETTING = "training_mode";

  private TrainingMode() {}

  /**
   * Refuses them.
   *
   * @throws SpyhopException that names the file and the node
   */
  static void refuse(Path file, GraphProto graph) {
    Set<String> truths = new HashSet<>();
    for (TensorProto t : graph.getInitializerList()) if (isTrue(t)) truths.add(t.getName());
    for (NodeProto node : graph.getNodeList()) {
      boolean isTrue = node.getAttributeList().stream().anyMatch(a -> a.hasT() && isTrue(a.getT()));
      if (node.getOpType().equals("Constant") && isTrue) truths.addAll(node.getOutputList());
    }
    for (NodeProto node : graph.getNodeList()) {
      boolean isTraining =
          switch (node.getOpType()) {
            case "BatchNormalization" -> usesBatch(node);
            case "Dropout" -> node.getInputCount() > 2 && truths.contains(node.getInput(2));
            default -> false;
          };
      if (!isTraining) continue;
      throw new SpyhopException(
          file
              + ": was exported in training mode ("
              + OnnxImport.where(node)
              + "), in which what is said of an image depends on others, or on chance. Export it for"
              + " prediction: in PyTorch, call model.eval() before torch.onnx.export.");
    }
  }

  /** Before operator set 14, further outputs meant that the statistics of the batch are used. */
  private static boolean usesBatch(NodeProto node) {
    return node.getAttributeList().stream()
            .anyMatch(a -> a.getName().equals(SETTING) && a.getI() != 0)
        || node.getOutputList().stream().filter(o -> !o.isEmpty()).count() > 1;
  }

  private static boolean isTrue(TensorProto tensor) {
    boolean one = tensor.getDataType() == TensorProto.DataType.BOOL_VALUE;
    return one
        && (tensor.getRawData().size() == 1 && tensor.getRawData().byteAt(0) != 0
            || tensor.getInt32DataCount() == 1 && tensor.getInt32Data(0) != 0);
  }
}
