package sc.fiji.spyhop.job.batch;

/** What is put behind the name of an image to name files that several jobs leave. */
final class Endings {

  /** Regions for the ROI Manager. */
  static final String ROIS = "_rois.zip";

  /** To look at. */
  static final String OVERLAY = "_overlay.png";

  /** Probabilities that objects are decoded from. */
  static final String PROBABILITIES = "_probabilities.tif";

  private Endings() {}
}
