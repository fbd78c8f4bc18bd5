package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.BoxFormat;
import sc.fiji.spyhop.task.decode.NonMaximum;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Boxes of a detector of another program, which is shown the image as a whole and proposes a fixed
 * number of candidates; the best of them are reported. It predicts only.
 *
 * @param classes at least one, all different, without a background
 * @param format how candidates are written down
 * @param candidates how many there are
 * @param threshold score from which a box is reported, in [0, 1]
 * @param iou intersection over union with a better box of its class above which a box is dropped,
 *     in [0, 1]; 1: none is
 * @param most boxes of one image, those with the best scores, at least 1
 */
public record CandidateBoxes(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("format") BoxFormat format,
    @JsonProperty("candidates") int candidates,
    @JsonProperty("threshold") double threshold,
    @JsonProperty("iou") double iou,
    @JsonProperty("most") int most)
    implements Localization {

  private static final int VALUES_OF_BOX = 4;

  /**
   * Throws a {@link SpyhopException} if there are no classes, two of one name, or a number is out
   * of range.
   */
  public CandidateBoxes {
    classes = List.copyOf(classes);
    require(
        !classes.isEmpty() && classes.stream().distinct().count() == classes.size(),
        "at least one class, and different ones",
        classes);
    require(candidates >= 1, "at least one candidate", candidates);
    require(threshold >= 0 && threshold <= 1, "a threshold from 0 to 1", threshold);
    require(iou >= 0 && iou <= 1, "an overlap from 0 to 1", iou);
    require(most >= 1, "at least one box", most);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Boxes of a detector: expected " + expected + ", received " + received + ".");
    }
  }

  /** All of its boxes are one vector, or two. */
  @Override
  public Grid grid() {
    return Grid.WHOLE;
  }

  @Override
  public int overlap() {
    return 0;
  }

  @Override
  public int stride() {
    return 1;
  }

  @Override
  public CandidateBoxes withThreshold(double value) {
    return new CandidateBoxes(classes, format, candidates, value, iou, most);
  }

  /** A box is suppressed by better ones alone, so that worse ones can be left out afterwards. */
  @Override
  public Annotation reported(Annotation found) {
    List<LocalizedObject> objects =
        found.objects().stream().filter(o -> o.score() >= threshold).toList();
    return new Annotation(found.size(), objects, found.poses());
  }

  @Override
  public Scores scores() {
    return Scores.CONFIDENCE;
  }

  /** Scores stay those of the detector. */
  @Override
  public CandidateBoxes calibrate(List<Annotation> predicted, List<Annotation> truth) {
    return this;
  }

  private int scoresOfBox() {
    return format.scores(classes.size());
  }

  @Override
  public List<Head> heads() {
    Layer.Function none = Layer.Function.IDENTITY;
    return format.apart()
        ? List.of(
            new Head("boxes", candidates * VALUES_OF_BOX, none),
            new Head("scores", candidates * scoresOfBox(), none))
        : List.of(new Head("candidates", candidates * (VALUES_OF_BOX + scoresOfBox()), none));
  }

  /** There are none: nobody knows how it was trained. */
  @Override
  public List<Objective> objectives() {
    return List.of();
  }

  @Override
  public Map<String, Target> encode(Annotation truth) {
    throw new UnsupportedOperationException("a detector of another program is not trained here");
  }

  @Override
  public Assembler<Annotation> assembler(ImageSize shown) {
    return Assembler.of(
        (tile, outputs) -> objects(outputs, shown),
        found -> new Annotation(shown, found.get(0), List.of()));
  }

  private List<LocalizedObject> objects(List<Tensor> outputs, ImageSize shown) {
    Outputs.checkVectors(heads(), outputs);
    float[] first = outputs.get(0).data();
    float[] second = format.apart() ? outputs.get(1).data() : first;
    int values = format.apart() ? VALUES_OF_BOX : VALUES_OF_BOX + scoresOfBox();
    List<Box> priors = format.priors().boxes(shown);
    if (!priors.isEmpty()) {
      require(priors.size() == candidates, candidates + " priors", priors.size());
    }
    List<LocalizedObject> found = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      float[] scores =
          format.apart()
              ? row(second, i, scoresOfBox(), 0, scoresOfBox())
              : row(second, i, values, VALUES_OF_BOX, values);
      Optional<BoxFormat.Best> best =
          format.best(scores, classes.size()).filter(b -> b.score() >= threshold && b.score() > 0);
      if (best.isEmpty()) continue;
      Optional<Box> prior = priors.isEmpty() ? Optional.empty() : Optional.of(priors.get(i));
      format
          .box(row(first, i, values, 0, VALUES_OF_BOX), prior, shown)
          .ifPresent(
              box ->
                  found.add(
                      new LocalizedObject(
                          box, classes.get(best.get().type()), best.get().score())));
    }
    return NonMaximum.suppressed(found, iou, false, most, type -> threshold);
  }

  /** Some of the values of a candidate. */
  private float[] row(float[] output, int candidate, int values, int from, int to) {
    if (format.candidatesFirst()) {
      return Arrays.copyOfRange(output, candidate * values + from, candidate * values + to);
    }
    float[] row = new float[to - from];
    for (int k = from; k < to; k++) row[k - from] = output[k * candidates + candidate];
    return row;
  }
}
