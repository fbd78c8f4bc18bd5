package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * What a network is for: turns truth into targets, and outputs into predictions. Part of a model's
 * description, so implementations are records of plain settings.
 *
 * @param <T> truth of one image
 * @param <P> prediction for one image
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SemanticSegmentation.class, name = "semantic-segmentation"),
  @JsonSubTypes.Type(value = MultiLabelSegmentation.class, name = "multi-label-segmentation"),
  @JsonSubTypes.Type(value = InstanceSegmentation.class, name = "instance-segmentation"),
  @JsonSubTypes.Type(value = Classification.class, name = "classification"),
  @JsonSubTypes.Type(value = MultiLabelClassification.class, name = "multi-label-classification"),
  @JsonSubTypes.Type(value = Regression.class, name = "regression"),
  @JsonSubTypes.Type(value = ObjectCenters.class, name = "localization"),
  @JsonSubTypes.Type(value = BoxRegression.class, name = "box-regression"),
  @JsonSubTypes.Type(value = CandidateBoxes.class, name = "candidate-boxes"),
  @JsonSubTypes.Type(value = KeypointDetection.class, name = "keypoint-detection"),
  @JsonSubTypes.Type(value = Restoration.class, name = "restoration"),
})
public sealed interface Task<T, P> permits PixelTask, ImageTask, AnnotationTask, Restoration {

  /**
   * What is to be done with a task by someone who is not to be known here. One answer for each;
   * what is forgotten does not compile.
   */
  interface Visitor<R> {
    /** Classes for the whole image: one of several, or any number of them. */
    R classification(ClassTask task);

    /** One or several numbers for the whole image. */
    R regression(Regression task);

    /** Boxes with classes. */
    R localization(Localization task);

    /** Named points. */
    R keypoints(KeypointDetection task);

    /** Objects or classes, pixel by pixel. */
    R segmentation(SegmentationTask task);

    /** An image made of an image. */
    R restoration(Restoration task);
  }

  /** One answer for each family, where its members need none of their own. */
  interface FamilyVisitor<R> extends Visitor<R> {
    /** A task whose answer is about the whole image. */
    R image(ImageTask<?> task);

    /** A task whose answer is boxes or keypoints. */
    R annotation(AnnotationTask task);

    /** A task whose answer has a value for each pixel. */
    R pixels(PixelTask<?> task);

    @Override
    default R classification(ClassTask task) {
      return image(task);
    }

    @Override
    default R regression(Regression task) {
      return image(task);
    }

    @Override
    default R localization(Localization task) {
      return annotation(task);
    }

    @Override
    default R keypoints(KeypointDetection task) {
      return annotation(task);
    }

    @Override
    default R segmentation(SegmentationTask task) {
      return pixels(task);
    }
  }

  /** Calls the method of a visitor for tasks of this kind. */
  <R> R accept(Visitor<R> visitor);

  /** In a word or two, for messages: {@code "classification"}. */
  String kind();

  /** Names of what it tells: classes, the object, or what is measured. */
  List<String> names();

  /** What the network has to end with. */
  List<Head> heads();

  /** What the numbers of an output belong to. */
  enum Grid {
    /** The whole of what the network is shown: [N, channels]. */
    WHOLE,
    /** Cells of it, {@code [N, channels, rows, columns]}. */
    CELLS,
    /** Each of its pixels, the same. */
    PIXELS
  }

  /** What one number of an output belongs to, and so the shape that outputs have. */
  Grid grid();

  /** Whether outputs are maps, [N, channels, rows, columns], and not vectors, [N, channels]. */
  default boolean mapped() {
    return grid() != Grid.WHOLE;
  }

  /**
   * How far beyond a tile's core, in pixels of what the network is shown, outputs must be known so
   * that predictions are put together as in an undivided image.
   */
  default int overlap() {
    return 0;
  }

  /**
   * This task, decoding outputs as a user wants.
   *
   * @throws SpyhopException if something is set that it does not have
   */
  default Task<T, P> adjusted(Adjustment by) {
    by.refuse(kind());
    return this;
  }

  /**
   * The same with another confidence from which something is reported, in [0, 1]; a task that has
   * none stays as it is.
   */
  default Task<T, P> withThreshold(double value) {
    return this;
  }

  /**
   * Probabilities from which each of {@link #names} is told, where these do not exclude each other;
   * else none.
   */
  default List<Double> thresholds() {
    return List.of();
  }

  /**
   * The same for outputs that were enlarged after the network gave them.
   *
   * @param factor below 1 where they were reduced
   */
  default Task<T, P> enlarged(double factor) {
    return this;
  }

  /** Whether outputs tell how large objects are. */
  default boolean tellsSizes() {
    return false;
  }

  /** What the scores of objects that it finds say. */
  enum Scores {
    /** It tells none. */
    NONE,
    /** The network's own confidence. */
    CONFIDENCE,
    /** How likely an object is right, as fitted to images whose objects are known. */
    CALIBRATED
  }

  /** Whether what is found comes with a score, and what that means; none unless a task says so. */
  default Scores scores() {
    return Scores.NONE;
  }

  /**
   * Whether it finds objects of about the size it knows alone, and is the surer the more they have
   * that.
   */
  default boolean knowsOneSize() {
    return false;
  }

  /**
   * Adds how large objects are, in pixels of what the network is shown, as far as outputs tell it.
   *
   * @param outputs for a part of an image, one per head
   */
  default void measure(List<Tensor> outputs, SizeHistogram sizes) {}

  /** What training minimises, on {@link Head#logits()}; at least one objective a head. */
  List<Objective> objectives();

  /**
   * Targets of one image, as a minibatch of one, by {@link Head#logits()}.
   *
   * @return [1, ...]; values and weights as the losses of {@link #objectives} ask for them
   * @throws sc.fiji.spyhop.SpyhopException if the truth does not fit the task
   */
  Map<String, Target> encode(T truth);

  /**
   * Begins to put the network's outputs for one image together.
   *
   * @param shown size of what the network is shown of it
   */
  Assembler<P> assembler(ImageSize shown);

  /**
   * Begins to put the outputs for one image together, for tasks whose answer has values like those
   * of the image.
   *
   * @param shown size of what the network is shown of it
   * @param image the image itself
   * @param intensity what its values became before they were shown
   */
  default Assembler<P> assembler(ImageSize shown, Frame image, Intensity intensity) {
    return assembler(shown);
  }

  /** Whether the network's numbers are the answer itself, of which every digit counts. */
  default boolean tellsValues() {
    return grid() == Grid.WHOLE;
  }

  /**
   * Whether images can be shown in another scale than their own, so that what they show is as large
   * as the network knows it.
   */
  default boolean scales() {
    return mapped();
  }

  /**
   * A prediction in the coordinates of the image.
   *
   * @param view what the network was shown of it
   */
  default P toImage(P prediction, Resize.View view, ImageSize image) {
    return prediction;
  }

  /**
   * A prediction in the coordinates of an image that the one it was made of is a view of.
   *
   * @param dx column of that image that the view begins at
   * @param dy row of that image that the view begins at
   */
  default P shifted(P prediction, int dx, int dy) {
    return prediction;
  }

  /**
   * How good predictions are, cheap enough for every epoch.
   *
   * @param predicted of images that were not trained on
   * @param truth as many, in the same order
   */
  Score score(List<P> predicted, List<T> truth);
}
