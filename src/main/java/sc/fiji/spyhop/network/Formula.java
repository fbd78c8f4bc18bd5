package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.expression.LayerFunction;

/**
 * What a {@link LayerFormula} makes of each value, or of all channels of a place. Where it does not
 * differ between channels, one comes out. Of several inputs, one with one channel counts for all
 * channels of the others, and one with one value for each channel (a vector, or a map of size 1)
 * for all places.
 *
 * @param inputs what the formula calls x, y, z, u, v and w, in this order
 * @param formula such as {@code x*sigmoid(1.7*x)}
 */
@JsonTypeName("formula")
public record Formula(
    String name,
    @JsonAlias("input") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> inputs,
    String formula)
    implements Layer {

  /** Reads the formula once, and refuses one that is not understood. */
  public Formula {
    Checks.name("layer", name);
    Checks.present(name, "inputs", inputs);
    for (String input : inputs) Checks.names(name, input);
    inputs = List.copyOf(inputs);
    Checks.positive(name, "a number of inputs", inputs.size());
    Checks.present(name, "formula", formula);
    try {
      LayerFormula.parse(formula, inputs.size());
    } catch (SpyhopException e) {
      throw new SpyhopException("layer " + name + ": " + e.getMessage(), e);
    }
  }

  /** Of one input. */
  public Formula(String name, String input, String formula) {
    this(name, List.of(input), formula);
  }

  /** The formula, read. */
  public LayerFormula read() {
    return LayerFormula.parse(formula, inputs.size());
  }

  @Override
  public String input() {
    return inputs.get(0);
  }

  @Override
  public Optional<LayerFunction> ownFunction() {
    return Optional.of(read());
  }

  @Override
  public boolean rectifies() {
    return read().rectifies();
  }

  @Override
  public Shape output(Received in) {
    return in.function(read());
  }

  @Override
  public Formula renamed(String other, List<String> sources) {
    return new Formula(other, sources, formula);
  }

  @Override
  public String description() {
    return "[" + formula + "]";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
