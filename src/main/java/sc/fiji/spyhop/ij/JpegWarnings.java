package sc.fiji.spyhop.ij;

import java.util.regex.Pattern;

/**
 * What Java's decoder says of a JPEG while it makes up what is missing. Its other warnings are
 * about colour profiles and other properties that play no part here.
 */
final class JpegWarnings {

  /** Some cameras put a few bytes behind the last pixel, before the end is marked. */
  private static final Pattern PADDING =
      Pattern.compile("Corrupt JPEG data: \\d extraneous bytes before marker 0xd9");

  private static final Pattern DAMAGE =
      Pattern.compile("Corrupt JPEG|Premature end|EOI|Inconsistent progression");

  private static final Pattern END = Pattern.compile("Premature end|EOI");

  private JpegWarnings() {}

  /** Whether pixels are missing or made up. */
  static boolean tellOfDamage(String warning) {
    return DAMAGE.matcher(warning).find() && !PADDING.matcher(warning).matches();
  }

  /** Whether the file ends too early. */
  static boolean tellOfAnEnd(String warning) {
    return END.matcher(warning).find();
  }
}
