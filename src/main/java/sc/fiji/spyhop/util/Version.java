package sc.fiji.spyhop.util;

/** Which Spyhop this is, from the manifest of its jar. */
public final class Version {

  private Version() {}

  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
