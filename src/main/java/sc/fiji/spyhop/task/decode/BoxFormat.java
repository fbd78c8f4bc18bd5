package sc.fiji.spyhop.task.decode;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;

/**
 * How a detector writes down the boxes that it proposes: candidates, each with four numbers of a
 * box and with scores.
 *
 * @param apart whether boxes and scores are two outputs; else each candidate has the box first, and
 *     then the scores
 * @param candidatesFirst whether an output has candidate after candidate, and not value after value
 * @param form what the four numbers are
 * @param unit what they are measured in
 * @param objectness whether the first score tells how sure it is that there is something, which the
 *     others are multiplied with
 * @param background the class that means nothing
 * @param labelled whether the scores are two numbers: the score of the best class, and its number
 * @param function from what the output holds to scores
 * @param priors boxes that others are told relative to; none unless the unit says so
 */
public record BoxFormat(
    @JsonProperty("apart") boolean apart,
    @JsonProperty("candidatesFirst") boolean candidatesFirst,
    @JsonProperty("form") Form form,
    @JsonProperty("unit") Unit unit,
    @JsonProperty("objectness") boolean objectness,
    @JsonProperty("background") Background background,
    @JsonProperty("labelled") boolean labelled,
    @JsonProperty("function") Function function,
    @JsonProperty("priors") BoxPriors priors) {

  /** What four numbers make a box. */
  public enum Form {
    /** Left, top, right, bottom. */
    @JsonProperty("corners")
    CORNERS,
    /** Top, left, bottom, right. */
    @JsonProperty("corners-yx")
    CORNERS_YX,
    /** X and y of the centre, width, height. */
    @JsonProperty("centers")
    CENTERS
  }

  /** What they are measured in. */
  public enum Unit {
    /** Pixels of what the network is shown. */
    @JsonProperty("pixels")
    PIXELS,
    /** Shares of its width and height. */
    @JsonProperty("shares")
    SHARES,
    /** Differences from priors, see {@link BoxPriors}. */
    @JsonProperty("priors")
    PRIORS
  }

  /** Which of the classes means that there is nothing. */
  public enum Background {
    /** All classes are those of objects. */
    @JsonProperty("none")
    NONE,
    /** The first class, number 0. */
    @JsonProperty("first")
    FIRST,
    /** The class with the highest number. */
    @JsonProperty("last")
    LAST
  }

  /** From what an output holds to scores. */
  public enum Function {
    /** They are scores as they stand. */
    @JsonProperty("none")
    NONE,
    /** Each score by itself. */
    @JsonProperty("sigmoid")
    SIGMOID,
    /** The scores of a candidate together, so that they sum to 1. */
    @JsonProperty("softmax")
    SOFTMAX
  }

  /**
   * Throws a {@link SpyhopException} if the parts do not go together, such as priors without boxes
   * told relative to them.
   */
  public BoxFormat {
    require(
        priors.isNone() == (unit != Unit.PRIORS),
        "priors if boxes are told relative to them, and else none");
    require(
        unit != Unit.PRIORS || form == Form.CENTERS,
        "centers as the form of boxes that are told relative to priors");
    require(
        !labelled || !objectness && background == Background.NONE && function == Function.NONE,
        "no objectness, background or function where a candidate tells its class by number");
    require(
        !objectness || background == Background.NONE && function != Function.SOFTMAX,
        "no background and no softmax where there is objectness");
  }

  private static void require(boolean condition, String expected) {
    if (!condition) throw new SpyhopException("Outputs: expected " + expected + ".");
  }

  /** Numbers that a candidate has besides its box. */
  public int scores(int classes) {
    if (labelled) return 2;
    return classes + (objectness ? 1 : 0) + (background == Background.NONE ? 0 : 1);
  }

  /**
   * The best of a candidate's classes.
   *
   * @param type its number, from 0
   * @param score in [0, 1]
   */
  public record Best(int type, double score) {}

  /**
   * Finds the best class of a candidate.
   *
   * @param values its scores as the output has them, see {@link #scores}
   * @param classes how many there are, without the background
   * @return nothing if it is the background, or of a class that there is not
   */
  public Optional<Best> best(float[] values, int classes) {
    if (labelled) {
      int type = Math.round(values[1]);
      return type >= 0 && type < classes
          ? Optional.of(new Best(type, within(values[0])))
          : Optional.empty();
    }
    double[] scores = scored(values);
    int from = objectness || background == Background.FIRST ? 1 : 0;
    int best = from;
    for (int i = from; i < from + classes; i++) if (scores[i] > scores[best]) best = i;
    double sure = objectness ? within(scores[0]) : 1;
    return Optional.of(new Best(best - from, within(sure * scores[best])));
  }

  private double[] scored(float[] values) {
    double[] scores = new double[values.length];
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (float v : values) most = Math.max(most, v);
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          switch (function) {
            case NONE -> values[i];
            case SIGMOID -> 1 / (1 + Math.exp(-values[i]));
            case SOFTMAX -> Math.exp(values[i] - most);
          };
      sum += scores[i];
    }
    if (function == Function.SOFTMAX) for (int i = 0; i < scores.length; i++) scores[i] /= sum;
    return scores;
  }

  private static double within(double score) {
    return Math.max(0, Math.min(1, score));
  }

  /**
   * A box.
   *
   * @param v four numbers as the output has them
   * @param prior of the candidate, where it has one
   * @param shown what the network is shown
   * @return in pixels of what is shown; nothing if it has no area
   */
  public Optional<Box> box(float[] v, Optional<Box> prior, ImageSize shown) {
    if (prior.isPresent()) return Optional.of(priors.box(v, prior.get()));
    double w = unit == Unit.SHARES ? shown.width() : 1;
    double h = unit == Unit.SHARES ? shown.height() : 1;
    double[] corners =
        switch (form) {
          case CORNERS -> new double[] {v[0], v[1], v[2], v[3]};
          case CORNERS_YX -> new double[] {v[1], v[0], v[3], v[2]};
          case CENTERS ->
              new double[] {
                v[0] - v[2] / 2.0, v[1] - v[3] / 2.0, v[0] + v[2] / 2.0, v[1] + v[3] / 2.0
              };
        };
    double width = (corners[2] - corners[0]) * w;
    double height = (corners[3] - corners[1]) * h;
    return width > 0 && height > 0
        ? Optional.of(new Box(corners[0] * w, corners[1] * h, width, height))
        : Optional.empty();
  }
}
