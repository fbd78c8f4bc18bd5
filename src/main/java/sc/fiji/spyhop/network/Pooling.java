package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Maximum or mean of windows.
 *
 * @param padding if explicit, smaller than the kernel
 * @param ceilMode whether a last window may reach beyond the padding, if it begins before it:
 *     {@code out = ceil((before + in + after - kernel) / stride) + 1}, as in Caffe; not with SAME
 * @param countIncludePad whether explicit padding counts as zeros in averages; what ceil mode adds
 *     never does
 */
@JsonTypeName("pooling")
public record Pooling(
    String name,
    String input,
    PoolingKind kind,
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
    @JsonProperty(defaultValue = "false") boolean ceilMode,
    @JsonProperty(defaultValue = "false") boolean countIncludePad)
    implements Layer {

  /**
   * Refuses padding as large as the kernel, ceil mode with SAME padding, and counting of padding
   * that is not explicit.
   */
  public Pooling {
    Checks.names(name, input);
    Checks.present(name, "kind", kind);
    kernel = Checks.sizes(name, "kernel", kernel);
    stride = Checks.sizes(name, "stride", stride, kernel);
    Checks.padding(name, padding, kernel.size());
    Checks.pooling(name, padding, kernel, ceilMode, countIncludePad);
  }

  /** Of whole windows, in which only what is there counts. */
  public Pooling(
      String name,
      String input,
      PoolingKind kind,
      List<Integer> kernel,
      List<Integer> stride,
      Padding padding) {
    this(name, input, kind, kernel, stride, padding, false, false);
  }

  /** Where its windows lie along a dimension. */
  public Windows windows(int dimension) {
    return Windows.of(padding, dimension, kernel.get(dimension), stride.get(dimension), ceilMode);
  }

  @Override
  public Shape output(Received in) {
    return new Shape(in.map(kernel.size()).channels(), in.sizes(this::windows));
  }

  @Override
  public Reach reach(int dimension) {
    return windows(dimension);
  }

  @Override
  public Pooling renamed(String other, List<String> sources) {
    return new Pooling(
        other, sources.get(0), kind, kernel, stride, padding, ceilMode, countIncludePad);
  }

  @Override
  public String description() {
    return Wording.of(kind)
        + " pooling "
        + Shape.sizes(kernel)
        + Wording.unlessOne("stride", stride)
        + ", "
        + padding.description()
        + (ceilMode ? ", ceil" : "");
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
