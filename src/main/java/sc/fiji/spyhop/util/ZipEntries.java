package sc.fiji.spyhop.util;

import java.time.LocalDateTime;
import java.util.zip.ZipEntry;

/** Entries of zip files, so that the same content gives the same bytes at any time and place. */
public final class ZipEntries {

  /** Of the first moment that a zip file can tell, Java writes the time zone as well. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ZipEntries() {}

  /** An entry without a date to speak of. */
  public static ZipEntry undated(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    return entry;
  }
}
