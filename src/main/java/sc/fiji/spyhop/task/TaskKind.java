package sc.fiji.spyhop.task;

import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * What can be asked of a model, and what the answer is.
 *
 * @param type of the tasks that do it
 * @param word for messages, such as {@code segmentation}
 * @param <P> prediction for one image
 * @param <K> tasks that do it
 */
public record TaskKind<P, K extends Task<?, P>>(Class<K> type, String word) {

  /** Classes for an image: one of several, or any number of them. */
  public static final TaskKind<ClassScores, ClassTask> CLASSIFICATION =
      new TaskKind<>(ClassTask.class, "classification");

  /** One class of several for an image. */
  public static final TaskKind<ClassScores, Classification> ONE_CLASS =
      new TaskKind<>(Classification.class, "classification with one class for an image");

  /** Numbers for an image. */
  public static final TaskKind<RealValues, Regression> REGRESSION =
      new TaskKind<>(Regression.class, "regression");

  /** Objects, or classes of pixels. */
  public static final TaskKind<Segmentation, SegmentationTask> SEGMENTATION =
      new TaskKind<>(SegmentationTask.class, "segmentation");

  /** Images made of images, such as denoised ones. */
  public static final TaskKind<Frame, Restoration> RESTORATION =
      new TaskKind<>(Restoration.class, "restoration");

  /** Boxes around objects. */
  public static final TaskKind<Annotation, Localization> LOCALIZATION =
      new TaskKind<>(Localization.class, "localization");

  /** Named points. */
  public static final TaskKind<Annotation, KeypointDetection> KEYPOINTS =
      new TaskKind<>(KeypointDetection.class, "keypoints");
}
