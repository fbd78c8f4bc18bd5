package sc.fiji.spyhop.explain.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;

/**
 * What the feature maps of a layer answer to: where in many images each is highest, and what in
 * these places makes it so (Zeiler and Fergus 2014, figure 2).
 *
 * <pre>
 * FeatureMaps maps = FeatureMaps.of(model, "conv2_relu", 9, 0, 1, frames.size(), frames::get,
 *     Progress.NONE);
 * BufferedImage picture = new PatchSheet(maps).montage();
 * </pre>
 *
 * @param layer name
 * @param images number of images that were looked at
 * @param patches number of patches asked for of each map
 * @param maps all maps of the layer, in order
 * @param failures a sentence for each image that could not be looked at
 * @param device what computed
 */
public record FeatureMaps(
    String layer,
    int images,
    int patches,
    List<FeatureMap> maps,
    List<String> failures,
    String device) {

  /** Copies the lists. */
  public FeatureMaps {
    maps = List.copyOf(maps);
    failures = List.copyOf(failures);
  }

  /**
   * Looks at images twice: for where maps are highest, and for what is there. Of the images, one is
   * in memory at a time; large ones are looked at part by part, by networks that take any size.
   *
   * @param layer whose maps are meant; empty for the last rectifier that gives maps
   * @param patches of each map, at least 1
   * @param shown only the first so many maps get patches; 0 for all
   * @param seed of the places at which maps are compared
   * @param count number of images
   * @param frames by position from 0, asked for once or twice each
   * @throws SpyhopException if there is no such layer, it has no maps, or none of the images can be
   *     looked at
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static FeatureMaps of(
      Model model,
      String layer,
      int patches,
      int shown,
      long seed,
      int count,
      IntFunction<Frame> frames,
      Progress progress) {
    try (Inspection inspection = new Inspection(model, layer.strip())) {
      Activations seen = new Activations(inspection.channels(), patches, shown, seed);
      List<String> failures = new ArrayList<>();
      int good = 0;
      for (int i = 0; i < count; i++) {
        progress.checkCancelled();
        progress.update("Looking for the strongest patches", i, 2L * count);
        try {
          seen.add(i, inspection.views(frames.apply(i)), inspection::activations);
          good++;
        } catch (SpyhopException e) {
          failures.add(e.getMessage());
        }
      }
      if (good == 0) {
        throw new SpyhopException(
            failures.isEmpty()
                ? "Expected images to look at, received none."
                : "None of the images can be looked at: " + failures.get(0));
      }
      List<List<Patch>> found = patches(inspection, seen, frames, count, progress);
      progress.update("Looking for the strongest patches", 1, 1);
      List<FeatureMap> maps =
          IntStream.range(0, found.size()).mapToObj(m -> seen.map(m, found.get(m))).toList();
      return new FeatureMaps(
          inspection.layer(), good, patches, maps, failures, inspection.device().name());
    }
  }

  private static List<List<Patch>> patches(
      Inspection inspection,
      Activations seen,
      IntFunction<Frame> frames,
      int count,
      Progress progress) {
    List<List<Patch>> patches = new ArrayList<>();
    for (int m = 0; m < inspection.channels(); m++) patches.add(new ArrayList<>());
    for (int i = 0; i < count; i++) {
      progress.update("Projecting the strongest patches", count + i, 2L * count);
      List<Activations.Peak> peaks = seen.peaks(i);
      if (peaks.isEmpty()) continue;
      List<Inspection.View> views = inspection.views(frames.apply(i));
      for (Activations.Peak p : peaks) {
        progress.checkCancelled();
        patches.get(p.map()).add(inspection.patch(views.get(p.view()), p));
      }
    }
    patches.forEach(all -> all.sort((a, b) -> Double.compare(b.activation(), a.activation())));
    return patches;
  }
}
