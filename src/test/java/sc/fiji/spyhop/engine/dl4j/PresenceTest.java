package sc.fiji.spyhop.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class PresenceTest {

  @Test
  void isThereAmongTheJarsOfTheBuild() {
    assertTrue(Presence.here().isThere());
    Presence.here().require();
  }

  @Test
  void whereItIsMissingItIsSaidHowToAddIt() throws Exception {
    try (URLClassLoader nothing =
        new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
      Presence presence = new Presence(nothing);
      assertFalse(presence.isThere());
      String said = assertThrows(SpyhopException.class, presence::require).getMessage();
      assertTrue(said.startsWith("Deeplearning4j is not installed."), said);
      assertTrue(said.contains("spyhop-fiji-deeplearning4j.zip"), said);
      assertTrue(said.contains("docs/packages.md"), said);
    }
  }
}
