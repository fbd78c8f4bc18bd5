package sc.fiji.spyhop.image;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** The pixel sizes of the images of a set, of which a network learns one only. */
public final class PixelSizes {

  private static final int NAMED = 3;

  /** An image of each size, by the size; of images that say none, nothing. */
  private final Map<PixelSize, String> images = new LinkedHashMap<>();

  /** One more image. */
  public void add(String name, PixelSize size) {
    boolean first = images.isEmpty() && PixelSize.isLength(size.unit());
    boolean other = images.keySet().stream().anyMatch(s -> s.unlike(size).isPresent());
    boolean known = images.keySet().stream().anyMatch(s -> s.unlike(size).isEmpty());
    if (first || (other && !known)) images.put(size, name);
  }

  /** The size that all have who say one; none if they differ, or nobody says one. */
  public PixelSize common() {
    return images.size() == 1 ? images.keySet().iterator().next() : PixelSize.UNCALIBRATED;
  }

  /** A sentence if they differ; empty if they are alike. */
  public Optional<String> mixed() {
    if (images.size() < 2) return Optional.empty();
    return Optional.of(
        Strings.format(
            "Pixel sizes differ: %s%s. Objects of one size look different to the network; bring the"
                + " images to one pixel size if they show the same things.",
            images.entrySet().stream()
                .limit(NAMED)
                .map(
                    e ->
                        Strings.format(
                            "%s %s in %s",
                            Digits.six(e.getKey().width()), e.getKey().unit(), e.getValue()))
                .collect(Collectors.joining(", ")),
            images.size() > NAMED ? ", ..." : ""));
  }
}
