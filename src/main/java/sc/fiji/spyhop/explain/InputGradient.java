package sc.fiji.spyhop.explain;

import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;

/**
 * How the logit changes with each pixel: its gradient (Simonyan et al. 2014), or what goes for it
 * where the way back through rectifiers is another. Of the channels of a pixel, the one counts
 * whose value is the largest in magnitude, with its sign. Values are per unit of the normalised
 * pixel, as the network is shown it.
 *
 * @param rule how it goes back through rectifiers
 */
public record InputGradient(RectifierRule rule) implements Explanation {

  @Override
  public String name() {
    return switch (rule) {
      case DERIVATIVE -> "gradient";
      case DECONVNET -> "deconvnet";
      case GUIDED -> "guided";
    };
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public String largest() {
    return "largest_slope";
  }

  @Override
  public String effect(SaliencyMap map) {
    return "the largest slope is " + Digits.six(map.largest());
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    progress.checkCancelled();
    Tensor gradient = question.gradients().gradient(question.shown(), rule);
    progress.update("Explaining " + question.image(), 1, 1);
    return Attribution.of(this, Placement.of(question).mean(strongest(gradient)));
  }

  /** Of the channels of each place, what is largest in magnitude. */
  private static float[] strongest(Tensor maps) {
    float[] values = maps.data();
    float[] strongest = new float[maps.size('H') * maps.size('W')];
    for (int i = 0; i < values.length; i++) {
      int at = i % strongest.length;
      if (Math.abs(values[i]) > Math.abs(strongest[at])) strongest[at] = values[i];
    }
    return strongest;
  }
}
