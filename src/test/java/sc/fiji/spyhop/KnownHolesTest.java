package sc.fiji.spyhop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHolesTest {

  @ParameterizedTest
  @CsvSource({
    "commons-net-3.1.jar, true",
    "commons-net-3.9.0.jar, false",
    "lz4-java-1.8.0.jar, true",
    "lz4-java-1.11.1.jar, false",
    "commons-lang-2.6.jar, true",
    "commons-lang3-3.11.jar, true",
    "commons-lang3-3.18.0.jar, false",
    "commons-compress-1.21.jar, true",
    "protobuf-java-3.25.4.jar, true",
    "protobuf-java-3.25.5.jar, false",
    "protobuf-java-4.27.0.jar, true",
    "protobuf-java-4.32.0.jar, false",
    "guava-31.1.jar, true",
    "guava-1.0.0-M2.1.jar, false",
    "javacpp-1.5.14-linux-x86_64.jar, false"
  })
  void whatTheBuildRefuses(String jar, boolean banned) throws Exception {
    assertEquals(banned, KnownHoles.of(Path.of("pom.xml")).has(jar));
  }
}
