package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/**
 * Local response normalisation over channels (Krizhevsky et al. 2012, in the form of Caffe, ONNX
 * and PyTorch): {@code x / (k + alpha / size * sum of squares)^beta}, summed over the {@code size}
 * channels around.
 *
 * @param size odd
 */
@JsonTypeName("local-response-norm")
public record LocalResponseNorm(
    String name, String input, int size, double alpha, double beta, double k) implements Layer {

  /**
   * Refuses an even size, an alpha outside [0, 1e6], a beta outside [0, 100] and a k outside (0,
   * 1e6].
   */
  public LocalResponseNorm {
    Checks.names(name, input);
    Checks.range(name, "size", size, size > 0 && size % 2 == 1, "that is odd");
    Checks.range(name, "alpha", alpha, alpha >= 0 && alpha <= 1e6, "in [0, 1e6]");
    Checks.range(name, "beta", beta, beta >= 0 && beta <= 100, "in [0, 100]");
    Checks.range(name, "k", k, k > 0 && k <= 1e6, "in (0, 1e6]");
  }

  @Override
  public Shape output(Received in) {
    return in.first();
  }

  @Override
  public LocalResponseNorm renamed(String other, List<String> sources) {
    return new LocalResponseNorm(other, sources.get(0), size, alpha, beta, k);
  }

  @Override
  public String description() {
    return "local response norm " + size;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
