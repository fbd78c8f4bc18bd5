package sc.fiji.spyhop.pipeline.training;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.Splitter;

/**
 * How a pipeline is trained.
 *
 * @param heldOut share of the images that no network is trained on, above 0, below 1; errors are
 *     measured there
 * @param side width and height of pictures of objects, cropped and aligned, pixels
 * @param margin around boxes, see {@link sc.fiji.spyhop.model.PipelineStep.Crop}
 * @param scale in which the localizer is shown images; absent: see {@link
 *     sc.fiji.spyhop.training.DetectionTraining}
 * @param widths of the networks that localize and find keypoints, finest level first
 * @param classifier layers of the network that classifies
 * @param copies of each picture, each with another error of box or alignment
 * @param rounds of localizer, keypoint finder and classifier over all pictures
 * @param batch pictures per minibatch
 * @param seed of everything random
 * @param grouping images that belong together are not on both sides
 */
public record PipelineOptions(
    double heldOut,
    int side,
    double margin,
    Optional<Double> scale,
    List<Integer> widths,
    String classifier,
    int copies,
    List<Integer> rounds,
    int batch,
    long seed,
    Grouping grouping) {

  /** 15 % of the images are held out, and pictures of objects have 96 x 96 pixels. */
  public static final PipelineOptions DEFAULT =
      new PipelineOptions(
          0.15,
          96,
          0.15,
          Optional.empty(),
          List.of(16, 32, 64),
          "16C5s BN MP2 32C3 BN MP2 64C3 BN MP2 64C3 BN MP2 FC128 D50",
          4,
          List.of(30, 12, 16),
          16,
          1,
          Grouping.BY_NAME);

  /**
   * Copies the lists.
   *
   * @throws SpyhopException that names the first option that is out of range
   */
  public PipelineOptions {
    widths = List.copyOf(widths);
    rounds = List.copyOf(rounds);
    require(heldOut > 0 && heldOut < 1, "a held-out share above 0 and below 1", heldOut);
    require(
        side >= 32 && side <= 512 && side % 16 == 0,
        "pictures of 32 to 512 pixels, a multiple of 16",
        side);
    require(margin >= 0 && margin <= 2, "a margin from 0 to 2", margin);
    require(copies >= 1 && copies <= 100, "1 to 100 copies", copies);
    require(
        rounds.size() == 3 && rounds.stream().allMatch(r -> r >= 1),
        "rounds of three networks, 1 or more each",
        rounds);
  }

  /** Holds images out. */
  Splitter splitter() {
    return new Splitter(grouping, heldOut, seed);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Training of a pipeline: expected " + expected + ", received " + received + ".");
    }
  }
}
