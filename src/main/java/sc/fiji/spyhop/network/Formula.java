package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.expression.LayerFunction;

/**
 * What a {@link LayerFormula} makes of each value, or of all channels of a place. Where it does not
 * differ between channels, one comes out.
 *
 * @param formula such as {@code x*sigmoid(1.7*x)}
 */
@JsonTypeName("formula")
public record Formula(String name, String input, String formula) implements Layer {

  public Formula {
    Checks.names(name, input);
    Checks.present(name, "formula", formula);
    try {
      LayerFormula.parse(formula);
    } catch (SpyhopException e) {
      throw new SpyhopException("layer " + name + ": " + e.getMessage(), e);
    }
  }

  /** The formula, read. */
  public LayerFormula read() {
    return LayerFormula.parse(formula);
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
    return new Formula(other, sources.get(0), formula);
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
