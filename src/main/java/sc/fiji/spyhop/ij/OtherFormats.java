package sc.fiji.spyhop.ij;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.util.FileNames;

/** Names of formats that are not read here, to say what a file is. */
final class OtherFormats {

  /** What stands where in a file, as numbers of two digits; a dot is any digit. */
  private static final Map<String, String> STARTS =
      Map.ofEntries(
          Map.entry("52494646........57454250", "WebP"),
          Map.entry("0000000c6a502020", "JPEG 2000"),
          Map.entry("ff4fff51", "JPEG 2000"),
          Map.entry("0000000c4a584c20", "JPEG XL"),
          Map.entry("ff0a", "JPEG XL"),
          Map.entry("4949bc", "JPEG XR"),
          Map.entry("........6674797068656963", "HEIC"),
          Map.entry("........667479706d696631", "HEIF"),
          Map.entry("........6674797061766966", "AVIF"),
          Map.entry("38425053", "Photoshop (PSD)"),
          Map.entry("762f3101", "OpenEXR"),
          Map.entry("0a05", "PCX"),
          Map.entry("5037", "PAM"),
          Map.entry("5046", "PFM"),
          Map.entry("5066", "PFM"),
          Map.entry("894844460d0a1a0a", "HDF5"),
          Map.entry("25504446", "PDF"),
          Map.entry("5a4953524157", "Zeiss CZI"),
          Map.entry("dacebe0a", "Nikon ND2"));

  private OtherFormats() {}

  /**
   * The name of the format of a file, by its first bytes, TGA and archives of NumPy by its name;
   * empty if not known.
   */
  static Optional<String> name(Path file) {
    StringBuilder head = new StringBuilder();
    try (InputStream in = Files.newInputStream(file)) {
      for (byte b : in.readNBytes(16)) {
        head.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    String name = FileNames.last(file).toLowerCase(Locale.ROOT);
    return STARTS.entrySet().stream()
        .filter(e -> head.toString().matches(e.getKey() + ".*"))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> name.endsWith(".tga") ? Optional.of("TGA") : Optional.empty())
        .or(() -> name.endsWith(".npz") ? Optional.of("an archive of NumPy") : Optional.empty());
  }
}
