package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.LabelMap;

/** Reads folders of images and label images. */
public final class SegmentationFolder {

  private SegmentationFolder() {}

  public static Dataset<LabelMap> read(
      Path folder, Optional<Path> index, Optional<String> subset, ImageReader reader) {
    throw new UnsupportedOperationException();
  }
}
