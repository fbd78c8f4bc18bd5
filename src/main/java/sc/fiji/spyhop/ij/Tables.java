package sc.fiji.spyhop.ij;

import ij.measure.ResultsTable;

/** Measurements as ImageJ tables. */
public final class Tables {

  private Tables() {}

  /**
   * Appends a row for each segment: image, slice and time point where there are several, label or
   * class, area, centroid in the units of the image's calibration, and mean probability.
   */
  public static void fill(ResultsTable table, HyperstackSegmentation segmentation) {
    throw new UnsupportedOperationException();
  }
}
