package sc.fiji.spyhop.cli;

import picocli.CommandLine.IVersionProvider;

/** Which Spyhop this is, from the manifest of its jar. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"Spyhop " + number()};
  }

  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
