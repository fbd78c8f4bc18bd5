package sc.fiji.spyhop.training;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import sc.fiji.spyhop.SpyhopException;

/**
 * How the learning rate changes in the course of a training, as a factor on the rate asked for.
 * Warm-up comes before, see {@link TrainingOptions#warmup()}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine"),
  @JsonSubTypes.Type(value = Schedule.Step.class, name = "step"),
  @JsonSubTypes.Type(value = Schedule.OneCycle.class, name = "one-cycle"),
})
public sealed interface Schedule {

  /**
   * Factor on the learning rate.
   *
   * @param progress share of all steps made before this one, in [0, 1)
   * @return from 0 to 1
   */
  double factor(double progress);

  /** Always 1. */
  record Constant() implements Schedule {
    @Override
    public double factor(double progress) {
      return 1;
    }
  }

  /**
   * From 1 to {@code end} along half a cosine (Loshchilov and Hutter 2017).
   *
   * @param end in [0, 1]
   */
  record Cosine(double end) implements Schedule {
    /** Throws a {@link SpyhopException} if the end is not from 0 to 1. */
    public Cosine {
      share("the end of a cosine schedule", end);
    }

    @Override
    public double factor(double progress) {
      return end + (1 - end) * (1 + Math.cos(Math.PI * progress)) / 2;
    }
  }

  /**
   * Multiplied by {@code factor} each time another {@code every} of the training is over.
   *
   * @param every share of the training, above 0, at most 1
   * @param factor above 0, at most 1
   */
  record Step(double every, double factor) implements Schedule {
    /** Throws a {@link SpyhopException} if one of them is not above 0 and at most 1. */
    public Step {
      positiveShare("the interval of a step schedule", every);
      positiveShare("the factor of a step schedule", factor);
    }

    @Override
    public double factor(double progress) {
      return Math.pow(factor, Math.floor(progress / every + 1e-9));
    }
  }

  /**
   * Up from {@code start} to 1 along half a cosine, then down to {@code end} along another (Smith
   * and Topin 2018, with cosines as in PyTorch and fastai).
   *
   * @param rise share of the training spent going up, above 0, below 1
   * @param start first factor, in [0, 1]
   * @param end last factor, in [0, 1]
   */
  record OneCycle(double rise, double start, double end) implements Schedule {
    /**
     * Throws a {@link SpyhopException} if the rise is not above 0 and below 1, or start or end is
     * not from 0 to 1.
     */
    public OneCycle {
      if (!(rise > 0 && rise < 1)) {
        throw new SpyhopException(
            "Learning rate: expected the rise of a one-cycle schedule above 0 and below 1, received "
                + rise
                + ".");
      }
      share("the start of a one-cycle schedule", start);
      share("the end of a one-cycle schedule", end);
    }

    @Override
    public double factor(double progress) {
      return progress < rise
          ? between(start, 1, progress / rise)
          : between(1, end, (progress - rise) / (1 - rise));
    }

    private static double between(double from, double to, double t) {
      return to + (from - to) * (1 + Math.cos(Math.PI * t)) / 2;
    }
  }

  private static void share(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new SpyhopException(
          "Learning rate: expected " + what + " from 0 to 1, received " + value + ".");
    }
  }

  private static void positiveShare(String what, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new SpyhopException(
          "Learning rate: expected " + what + " above 0, at most 1, received " + value + ".");
    }
  }
}
