package sc.fiji.spyhop.training;

import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Standardization;
import sc.fiji.spyhop.task.Restoration;

/** Whether targets have values like those of their images, as after denoising, or others. */
public final class RestorationUnits {

  /** So many images tell it. */
  private static final int LOOKED = 50;

  /** How far the mean of targets may be off, in normalized values of the image. */
  private static final double NEAR = 1;

  /** How many times wider or narrower their values may vary. */
  private static final double ALIKE = 4;

  private RestorationUnits() {}

  /**
   * The units of images where targets have values like these on average, else those of the targets.
   *
   * @param images with their targets, at least one
   * @param normalization of images
   * @throws sc.fiji.spyhop.SpyhopException if one cannot be read
   */
  public static Restoration.Units of(
      Dataset<Frame> images, Normalization normalization, Progress progress) {
    int count = Math.min(LOOKED, images.size());
    double shift = 0;
    double ratio = 0;
    for (int i = 0; i < count; i++) {
      progress.checkCancelled();
      Sample<Frame> sample = images.get((int) ((long) i * images.size() / count));
      Intensity intensity = normalization.fit(sample.frame());
      boolean comparable =
          intensity.isLinear()
              && sample.truth().channels() == sample.frame().channels()
              && intensity.scale().stream().allMatch(s -> s != 0);
      if (!comparable) return ofTargets(images, progress);
      double[] image = moments(sample.frame(), intensity);
      double[] target = moments(sample.truth(), intensity);
      shift += Math.abs(target[0] - image[0]) / count;
      ratio += Math.log((target[1] + 1e-6) / (image[1] + 1e-6)) / count;
    }
    return shift <= NEAR && Math.abs(ratio) <= Math.log(ALIKE)
        ? Restoration.Units.OF_IMAGE
        : ofTargets(images, progress);
  }

  /**
   * Mean 0 and deviation 1 over all targets, channel by channel.
   *
   * @param images with their targets, at least one
   * @throws sc.fiji.spyhop.SpyhopException if one cannot be read, or has other channels
   */
  public static Restoration.Units ofTargets(Dataset<Frame> images, Progress progress) {
    Standardization all = new Standardization(images.get(0).truth().channels());
    for (int i = 0; i < images.size(); i++) {
      progress.checkCancelled();
      all.add(images.get(i).truth());
    }
    return Restoration.Units.of(all.normalization());
  }

  /** Mean and deviation of normalized values, all channels together. */
  private static double[] moments(Frame frame, Intensity intensity) {
    float[] values = frame.values();
    intensity.apply(values, frame.channels());
    double mean = 0;
    for (float v : values) mean += v;
    mean /= values.length;
    double squares = 0;
    for (float v : values) squares += (v - mean) * (v - mean);
    return new double[] {mean, Math.sqrt(squares / values.length)};
  }
}
