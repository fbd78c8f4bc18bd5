package sc.fiji.spyhop.command;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.engine.Precision;

/** Predicts with a model, in a precision that can be chosen. */
abstract class PredictCommand extends ModelCommand {

  static final String PRECISION_HELP =
      "Arithmetic of processors: bfloat16 for 16 bits, on those that have it; auto for 16 bits where"
          + " the processor has them and the model gives what it gave when it was made, else for"
          + " float32.";

  @Parameter(
      label = "Precision",
      choices = {"auto", "float32", "bfloat16"},
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = PRECISION_HELP)
  private String precision = "auto";

  PredictCommand(String model) {
    super(model);
  }

  final Precision precision() {
    return precision(precision);
  }
}
