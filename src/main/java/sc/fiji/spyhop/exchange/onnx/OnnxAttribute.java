package sc.fiji.spyhop.exchange.onnx;

import java.util.List;

/** A setting of an operation: {@code AttributeProto}. */
public sealed interface OnnxAttribute {

  record Int(long value) implements OnnxAttribute {}

  record Real(float value) implements OnnxAttribute {}

  /** Text, UTF-8 in a file. */
  record Text(String value) implements OnnxAttribute {}

  record Constant(OnnxTensor value) implements OnnxAttribute {}

  record Ints(List<Long> values) implements OnnxAttribute {
    public Ints {
      values = List.copyOf(values);
    }
  }

  record Reals(List<Float> values) implements OnnxAttribute {
    public Reals {
      values = List.copyOf(values);
    }
  }

  record Texts(List<String> values) implements OnnxAttribute {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /**
   * One of a kind that no layer of ours has: a graph, a sparse tensor, lists of them.
   *
   * @param type number of {@code AttributeProto.AttributeType}
   */
  record Other(long type) implements OnnxAttribute {}
}
