package sc.fiji.spyhop.job.batch;

import java.util.List;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.job.SettingException;

/** Which parts of an image something is said about. */
public enum Parts {
  /** Each slice as a whole. */
  SLICES,
  /** Each region of interest that is saved in the image's overlay. */
  OVERLAY;

  /**
   * Reads {@code slices} or {@code overlay}.
   *
   * @throws SettingException for anything else
   */
  public static Parts parse(String regions) {
    for (Parts p : values()) if (p.name().equalsIgnoreCase(regions.strip())) return p;
    throw SettingException.wrong(
        "regions",
        "of files, slices or overlay are looked at, received \"" + regions.strip() + "\".");
  }

  List<Region> of(Frames frames) {
    return this == SLICES
        ? Region.slices(frames)
        : Region.of(frames, ClassLabels.regions(frames.image()));
  }

  /** Number of a region's slice in its stack, from 1, as text. */
  static String slice(Region region, Frames frames) {
    return String.valueOf((region.t() - 1) * frames.slices() + region.z());
  }

  /** Name or number of a region of interest; empty for a whole slice. */
  static String roi(Region region, int index) {
    return region
        .roi()
        .map(r -> r.getName() == null || r.getName().isBlank() ? "" + (index + 1) : r.getName())
        .orElse("");
  }
}
