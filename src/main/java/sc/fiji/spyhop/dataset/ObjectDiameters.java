package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * How large the objects of annotated images are.
 *
 * @param images of each image that shows objects
 */
public record ObjectDiameters(List<OfImage> images) {

  /**
   * The objects of one image.
   *
   * @param diameters of at least one
   */
  public record OfImage(ImageSize size, Diameters diameters) {
    private double median() {
      return diameters.median().orElseThrow();
    }
  }

  /** Sizes differ widely if the tenth and the ninetieth percentile are further apart than this. */
  private static final double WIDELY = 1.6;

  /** Diameters in pixels that networks see well. */
  private static final double MIN = 14;

  private static final double MAX = 28;

  /** Copies the list. */
  public ObjectDiameters {
    images = List.copyOf(images);
  }

  /**
   * Measures all images.
   *
   * @param ignored labels that are no objects, besides 0
   */
  public static ObjectDiameters of(Dataset<LabelMap> set, IntPredicate ignored, Progress progress) {
    List<OfImage> images = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      progress.checkCancelled();
      progress.update("Measuring objects", i, set.size());
      LabelMap truth = set.get(i).truth();
      Diameters here = Diameters.of(truth, ignored);
      if (here.median().isEmpty()) continue;
      images.add(new OfImage(new ImageSize(truth.width(), truth.height()), here));
    }
    progress.update("Measuring objects", set.size(), set.size());
    return new ObjectDiameters(images);
  }

  /** Of all objects together. */
  public Diameters together() {
    return together(image -> 1);
  }

  /** The same where each image is resized by {@link CommonSize}. */
  public Diameters together(CommonSize size) {
    return together(image -> size.factor(image.median(), image.size()));
  }

  private Diameters together(ToDoubleFunction<OfImage> factor) {
    return new Diameters(
        images.stream()
            .flatMapToDouble(
                image -> {
                  double by = factor.applyAsDouble(image);
                  return DoubleStream.of(image.diameters().sorted()).map(pixels -> pixels * by);
                })
            .toArray());
  }

  /**
   * The diameter that objects should have in common, where images differ widely.
   *
   * @return absent if they do not
   */
  public OptionalDouble common() {
    Diameters medians = new Diameters(images.stream().mapToDouble(OfImage::median).toArray());
    if (images.isEmpty()) return OptionalDouble.empty();
    double ratio = medians.quantile(0.9).orElseThrow() / medians.quantile(0.1).orElseThrow();
    double middle = medians.median().orElseThrow();
    return ratio < WIDELY
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.rint(Math.max(MIN, Math.min(MAX, middle))));
  }
}
