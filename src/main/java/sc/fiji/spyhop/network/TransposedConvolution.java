package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.OptionalInt;

/**
 * Transposed convolution. VALID: {@code out = (in - 1) * stride + kernel}; SAME: {@code out = in *
 * stride} (the surplus cropped, the odd one below and right), with a kernel no smaller than the
 * stride; explicit padding is cropped from what VALID gives, so that an "output padding" is that
 * much less {@code after}. Parameters: {@code weight} [channels, filters, kernel...] and {@code
 * bias} [filters].
 */
@JsonTypeName("transposed-convolution")
public record TransposedConvolution(
    String name,
    String input,
    int channels,
    int filters,
    List<Integer> kernel,
    List<Integer> stride,
    Padding padding,
    boolean bias)
    implements Weighted {

  /** Refuses lists of different lengths, and SAME padding with a kernel smaller than the stride. */
  public TransposedConvolution {
    Checks.names(name, input);
    Checks.positive(name, "channels", channels);
    Checks.positive(name, "filters", filters);
    kernel = Checks.sizes(name, "kernel", kernel);
    stride = Checks.sizes(name, "stride", stride, kernel);
    Checks.padding(name, padding, kernel.size());
    if (padding == Padding.SAME) Checks.covers(name, kernel, stride);
  }

  /** The windows of the convolution of which this is the way back, over this layer's output. */
  public Windows windows(int dimension) {
    return Windows.of(padding, dimension, kernel.get(dimension), stride.get(dimension), false);
  }

  @Override
  public Shape output(Received in) {
    in.map(kernel.size());
    in.channels(channels);
    return new Shape(
        filters,
        in.sizes(
            (d, size) -> {
              long out = enlarged(d, size);
              if (out < 1) throw in.nothingLeft();
              return out;
            }));
  }

  private long enlarged(int d, long size) {
    long step = stride.get(d);
    if (padding == Padding.SAME) return size * step;
    return (size - 1) * step + kernel.get(d) - padding.before(d) - padding.after(d);
  }

  /** What positions of the output see: those of the input in whose windows they lie. */
  private record Back(Windows windows) implements Reach {

    @Override
    public int positions() {
      return windows.stride();
    }

    private long cropped() {
      return windows.over(windows.stride()).before();
    }

    @Override
    public long first(long at, OptionalInt size) {
      return -Math.floorDiv(windows.extent() - 1 - at - cropped(), (long) windows.stride());
    }

    @Override
    public long last(long at, OptionalInt size) {
      return Math.floorDiv(at + cropped(), (long) windows.stride());
    }
  }

  @Override
  public Reach reach(int dimension) {
    return new Back(windows(dimension));
  }

  @Override
  public List<Parameter> parameters() {
    return Parameter.kernelAndBias(this, "IO", channels, filters, kernel, filters);
  }

  @Override
  public double fanIn() {
    return channels * Weighted.product(kernel) / Weighted.product(stride);
  }

  @Override
  public double fanOut() {
    return filters * Weighted.product(kernel);
  }

  @Override
  public TransposedConvolution renamed(String other, List<String> sources) {
    return with(other, sources.get(0), channels, filters);
  }

  @Override
  public TransposedConvolution withChannels(int count) {
    return with(name, input, count, filters);
  }

  @Override
  public TransposedConvolution withOutputs(int count) {
    return with(name, input, channels, count);
  }

  private TransposedConvolution with(String other, String source, int received, int made) {
    return new TransposedConvolution(other, source, received, made, kernel, stride, padding, bias);
  }

  @Override
  public String description() {
    return "transposed convolution "
        + Shape.sizes(kernel)
        + Wording.unlessOne("stride", stride)
        + ", "
        + padding.description();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
