package sc.fiji.spyhop.image.tiff;

import java.io.IOException;

/** A TIFF that is whole as far as one knows, but has a property that nobody here reads. */
public final class UnsupportedTiffException extends IOException {

  /**
   * @param property half a sentence, such as "its compression is JBIG"
   */
  public UnsupportedTiffException(String property) {
    super(property);
  }
}
