package sc.fiji.spyhop.image.tiff;

import java.io.IOException;

/** A TIFF that is whole as far as one knows, but has a property that nobody here reads. */
public final class UnsupportedTiffException extends IOException {

  /**
   * Of a file that is sound, but of a kind that is not read here.
   *
   * @param property half a sentence, such as "its compression is JBIG"
   */
  public UnsupportedTiffException(String property) {
    super(property);
  }
}
