package sc.fiji.spyhop.util;

/** Which Spyhop this is, from the manifest of its jar. */
public final class Version {

  private Version() {}

  /** Such as {@code 0.1.0}; {@code (not packaged)} where classes lie in a folder. */
  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
