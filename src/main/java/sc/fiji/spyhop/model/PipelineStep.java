package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/** One step of a {@link Pipeline}, as data. It says what it takes and what it gives. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PipelineStep.Localize.class, name = "localize"),
  @JsonSubTypes.Type(value = PipelineStep.Crop.class, name = "crop"),
  @JsonSubTypes.Type(value = PipelineStep.Keypoints.class, name = "keypoints"),
  @JsonSubTypes.Type(value = PipelineStep.Align.class, name = "align"),
  @JsonSubTypes.Type(value = PipelineStep.Classify.class, name = "classify"),
  @JsonSubTypes.Type(value = PipelineStep.Segment.class, name = "segment"),
  @JsonSubTypes.Type(value = PipelineStep.Regress.class, name = "regress"),
})
public sealed interface PipelineStep {

  /** What is handed from step to step. */
  enum Kind {
    /** The whole image. */
    IMAGE,
    /** Boxes in the image. */
    OBJECTS,
    /** Pictures of objects, or the whole image, each with the transform back to the image. */
    PICTURES,
    /** Named points of each picture. */
    POSES,
    /** How likely each class is, for each picture. */
    SCORES,
    /** Objects or classes of pixels, in each picture. */
    REGIONS,
    /** Numbers measured on each picture. */
    VALUES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a chain begins with. */
  Set<Kind> BEGINNING = Set.of(Kind.IMAGE, Kind.PICTURES);

  /** What the step before has to give. */
  Kind takes();

  /** What the next step can take. */
  Set<Kind> gives();

  /** Name of the model that does it, within the pipeline. */
  default Optional<String> modelName() {
    return Optional.empty();
  }

  /** What its model has to be for. */
  default Optional<TaskKind<?, ?>> kind() {
    return Optional.empty();
  }

  /** Confidence from which its model is to report something. */
  default OptionalDouble threshold() {
    return OptionalDouble.empty();
  }

  /** As in {@code pipeline.json}. */
  default String label() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds objects in the image.
   *
   * @param classes of objects to go on with; empty: all
   * @param minScore minimum score of an object, in [0, 1]
   * @param maxObjects of one image, those with the best scores, 1 to 10,000
   */
  record Localize(
      @JsonProperty("model") String model,
      @JsonProperty("classes") List<String> classes,
      @JsonProperty("minScore") double minScore,
      @JsonProperty("maxObjects") int maxObjects)
      implements PipelineStep {

    /**
     * Throws a {@link SpyhopException} if the score is not from 0 to 1, or the number of objects
     * not from 1 to 10,000.
     */
    public Localize {
      classes = List.copyOf(classes);
      require(minScore >= 0 && minScore <= 1, "localize", "a minScore from 0 to 1", minScore);
      require(
          maxObjects >= 1 && maxObjects <= 10_000,
          "localize",
          "maxObjects from 1 to 10000",
          maxObjects);
    }

    @Override
    public Kind takes() {
      return Kind.IMAGE;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.OBJECTS);
    }

    @Override
    public Optional<String> modelName() {
      return Optional.of(model);
    }

    @Override
    public Optional<TaskKind<?, ?>> kind() {
      return Optional.of(TaskKind.LOCALIZATION);
    }

    @Override
    public OptionalDouble threshold() {
      return OptionalDouble.of(minScore);
    }
  }

  /**
   * Cuts out a picture of each object, see {@link BoxPicture}; beyond the image it is mirrored.
   *
   * @param margin on each side, as a share of the box's longer side, 0 to 10
   * @param width of the picture, pixels
   * @param height of the picture, pixels
   */
  record Crop(
      @JsonProperty("margin") double margin,
      @JsonProperty("width") int width,
      @JsonProperty("height") int height)
      implements PipelineStep {

    /**
     * Throws a {@link SpyhopException} if the margin is not from 0 to 10, or the picture too small
     * or too large.
     */
    public Crop {
      require(margin >= 0 && margin <= 10, "crop", "a margin from 0 to 10", margin);
      requireSize("crop", width, height);
    }

    /** How a box becomes a picture of this size. */
    public BoxPicture picture() {
      return new BoxPicture(margin, width, height);
    }

    @Override
    public Kind takes() {
      return Kind.OBJECTS;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES);
    }
  }

  /**
   * Finds named points in each picture.
   *
   * @param minConfidence of a point, in [0, 1]; others count as absent
   */
  record Keypoints(
      @JsonProperty("model") String model, @JsonProperty("minConfidence") double minConfidence)
      implements PipelineStep {

    /** Throws a {@link SpyhopException} if the confidence is not from 0 to 1. */
    public Keypoints {
      require(
          minConfidence >= 0 && minConfidence <= 1,
          "keypoints",
          "a minConfidence from 0 to 1",
          minConfidence);
    }

    @Override
    public Kind takes() {
      return Kind.PICTURES;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES, Kind.POSES);
    }

    @Override
    public Optional<String> modelName() {
      return Optional.of(model);
    }

    @Override
    public Optional<TaskKind<?, ?>> kind() {
      return Optional.of(TaskKind.KEYPOINTS);
    }

    @Override
    public OptionalDouble threshold() {
      return OptionalDouble.of(minConfidence);
    }
  }

  /** Where a keypoint is to be, pixels of the aligned picture. */
  record Anchor(
      @JsonProperty("keypoint") String keypoint,
      @JsonProperty("x") double x,
      @JsonProperty("y") double y) {}

  /**
   * Turns, scales and shifts each picture such that its keypoints come as close as possible to
   * where they are to be (least squares); pixels are read from the image itself.
   *
   * @param anchors two or more; keypoints that are absent do not count, but two have to be there
   * @param width of the aligned picture, pixels
   * @param height of the aligned picture, pixels
   */
  record Align(
      @JsonProperty("anchors") List<Anchor> anchors,
      @JsonProperty("width") int width,
      @JsonProperty("height") int height)
      implements PipelineStep {

    /**
     * Throws a {@link SpyhopException} if there are not two different keypoints in different
     * places, or one is there twice, or a size is out of range.
     */
    public Align {
      anchors = List.copyOf(anchors);
      requireSize("align", width, height);
      long places = anchors.stream().map(a -> a.x() + " " + a.y()).distinct().count();
      long names = anchors.stream().map(Anchor::keypoint).distinct().count();
      require(
          places >= 2 && names == anchors.size(),
          "align",
          "two or more different keypoints in different places",
          anchors);
      for (Anchor a : anchors) {
        boolean near = Math.abs(a.x()) <= Resize.MAX_SIDE && Math.abs(a.y()) <= Resize.MAX_SIDE;
        require(near, "align", "coordinates up to " + Resize.MAX_SIDE, a);
      }
    }

    @Override
    public Kind takes() {
      return Kind.POSES;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES);
    }
  }

  /** Classifies each picture. */
  record Classify(@JsonProperty("model") String model) implements PipelineStep {
    @Override
    public Kind takes() {
      return Kind.PICTURES;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES, Kind.SCORES);
    }

    @Override
    public Optional<String> modelName() {
      return Optional.of(model);
    }

    @Override
    public Optional<TaskKind<?, ?>> kind() {
      return Optional.of(TaskKind.CLASSIFICATION);
    }
  }

  /** Finds regions in each picture. */
  record Segment(@JsonProperty("model") String model) implements PipelineStep {
    @Override
    public Kind takes() {
      return Kind.PICTURES;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES, Kind.REGIONS);
    }

    @Override
    public Optional<String> modelName() {
      return Optional.of(model);
    }

    @Override
    public Optional<TaskKind<?, ?>> kind() {
      return Optional.of(TaskKind.SEGMENTATION);
    }
  }

  /** Measures each picture. */
  record Regress(@JsonProperty("model") String model) implements PipelineStep {
    @Override
    public Kind takes() {
      return Kind.PICTURES;
    }

    @Override
    public Set<Kind> gives() {
      return Set.of(Kind.PICTURES, Kind.VALUES);
    }

    @Override
    public Optional<String> modelName() {
      return Optional.of(model);
    }

    @Override
    public Optional<TaskKind<?, ?>> kind() {
      return Optional.of(TaskKind.REGRESSION);
    }
  }

  private static void requireSize(String step, int width, int height) {
    require(
        width >= 8 && height >= 8 && width <= Resize.MAX_SIDE / 4 && height <= Resize.MAX_SIDE / 4,
        step,
        "a width and height from 8 to " + Resize.MAX_SIDE / 4,
        width + " x " + height);
  }

  private static void require(boolean condition, String step, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          Strings.format("Step %s: expected %s, received %s.", step, expected, received));
    }
  }
}
