package sc.fiji.spyhop.job.batch;

/** What is put behind the name of an image to name files that several jobs leave. */
public final class Endings {

  /** Regions for the ROI Manager. */
  public static final String ROIS = "_rois.zip";

  /** The same for QuPath, with what was measured. */
  public static final String GEOJSON = "_objects.geojson";

  /** To look at. */
  public static final String OVERLAY = "_overlay.png";

  /** The same, of an explanation. */
  public static final String SALIENCY = "_saliency.png";

  /** Probabilities that objects are decoded from. */
  static final String PROBABILITIES = "_probabilities.tif";

  private Endings() {}
}
