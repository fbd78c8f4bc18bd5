package sc.fiji.spyhop.cli;

import picocli.CommandLine.IVersionProvider;
import sc.fiji.spyhop.util.Version;

/** What {@code spyhop --version} says. */
final class VersionText implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"Spyhop " + Version.number()};
  }
}
