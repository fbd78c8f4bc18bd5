package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Convolution (cross-correlation). Parameters: {@code weight} [filters, channels / groups,
 * kernel...] and {@code bias} [filters].
 *
 * @param channels channels it expects to receive
 * @param groups parts into which channels and filters are split in order; each part of the filters
 *     sees only its part of the channels. With as many groups as channels it is depthwise
 */
@JsonTypeName("convolution")
public record Convolution(
    String name,
    String input,
    int channels,
    int filters,
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> dilation,
    Padding padding,
    boolean bias,
    @JsonProperty(defaultValue = "1") int groups)
    implements Weighted {

  /**
   * Refuses lists of other than one to three sizes, or of different lengths, and groups that do not
   * divide channels and filters.
   */
  public Convolution {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.positive(name, "filters", filters);
    kernel = Checks.sizes(name, "kernel", kernel);
    stride = Checks.sizes(name, "stride", stride, kernel);
    dilation = Checks.sizes(name, "dilation", dilation, kernel);
    Checks.padding(name, padding, kernel.size());
    Checks.positive(name, "groups", groups);
    Checks.divides(name, groups, "channels", channels);
    Checks.divides(name, groups, "filters", filters);
  }

  /** In one group. */
  public Convolution(
      String name,
      String input,
      int channels,
      int filters,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> dilation,
      Padding padding,
      boolean bias) {
    this(name, input, channels, filters, kernel, stride, dilation, padding, bias, 1);
  }

  /** Where its windows lie along a dimension. */
  public Windows windows(int dimension) {
    long extent = (kernel.get(dimension) - 1L) * dilation.get(dimension) + 1;
    return Windows.of(padding, dimension, extent, stride.get(dimension), false);
  }

  @Override
  public Shape output(Received in) {
    in.map(kernel.size());
    in.channels(channels);
    return new Shape(filters, in.sizes(this::windows));
  }

  @Override
  public Reach reach(int dimension) {
    return windows(dimension);
  }

  @Override
  public List<Parameter> parameters() {
    return Parameter.kernelAndBias(this, "OI", filters, channels / groups, kernel, filters);
  }

  @Override
  public double fanIn() {
    return channels / groups * Weighted.product(kernel);
  }

  @Override
  public double fanOut() {
    return filters / groups * Weighted.product(kernel) / Weighted.product(stride);
  }

  @Override
  public Convolution renamed(String other, List<String> sources) {
    return with(other, sources.get(0), channels, filters);
  }

  @Override
  public Convolution withChannels(int count) {
    return with(name, input, count, filters);
  }

  @Override
  public Convolution withOutputs(int count) {
    return with(name, input, channels, count);
  }

  private Convolution with(String other, String source, int received, int made) {
    return new Convolution(
        other, source, received, made, kernel, stride, dilation, padding, bias, groups);
  }

  @Override
  public String description() {
    return "convolution "
        + Shape.sizes(kernel)
        + Wording.unlessOne("stride", stride)
        + Wording.unlessOne("dilation", dilation)
        + (groups == 1 ? "" : ", " + groups + " groups")
        + ", "
        + padding.description();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
