package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sc.fiji.spyhop.engine.dl4j.Dl4jEngine;
import sc.fiji.spyhop.engine.onednn.OneDnnEngine;

/**
 * The contract in processes of their own with fewer instructions than this processor has: what
 * libraries compute on other processors. The tests of each engine run it with all of them.
 */
class InstructionSetsTest {

  /** As {@link Library#instructions()} names those that oneDNN can be bound to, poorest first. */
  private static final List<String> KNOWN = List.of("SSE4.1", "AVX2", "AVX-512");

  private static final Map<String, String> BOUNDS =
      Map.of("SSE4.1", "SSE41", "AVX2", "AVX2", "AVX-512", "AVX512_CORE");

  /** What OpenBLAS can be told to take a processor for. */
  private static final List<String> OPENBLAS = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  @TestFactory
  Stream<DynamicTest> oneDnn() {
    Engine engine = new OneDnnEngine();
    Assumptions.assumeFalse(engine.devices().isEmpty(), "no oneDNN for this platform");
    String own = engine.library().instructions();
    int rank =
        own.startsWith("AVX-512") || own.startsWith("AVX10") ? 2 : own.startsWith("AVX2") ? 1 : 0;
    return KNOWN.subList(0, rank + 1).stream()
        .filter(i -> !i.equals(own))
        .map(
            i ->
                DynamicTest.dynamicTest(
                    i,
                    () -> {
                      String said =
                          contract(
                              OneDnnEngine.class,
                              "sc.fiji.spyhop.engine.onednn.OneDnnEngineTest",
                              Map.of("ONEDNN_MAX_CPU_ISA", BOUNDS.get(i)));
                      assertTrue(said.contains("instructions: " + i + "\n"), said);
                    }));
  }

  /** The other way than in this process: where the environment names a processor, without. */
  @TestFactory
  Stream<DynamicTest> openBlas() {
    Assumptions.assumeFalse(new Dl4jEngine().devices().isEmpty(), "no ND4J for this platform");
    boolean named = System.getenv(OPENBLAS.get(0)) != null;
    boolean avx2 = new Dl4jEngine().library().instructions().startsWith("AVX");
    Assumptions.assumeTrue(named || avx2, "OpenBLAS knows no other processor of this kind");
    Map<String, String> environment = named ? Map.of() : Map.of(OPENBLAS.get(0), "Haswell");
    return Stream.of(
        DynamicTest.dynamicTest(
            named ? "not named" : "Haswell",
            () ->
                contract(
                    Dl4jEngine.class, "sc.fiji.spyhop.engine.dl4j.Dl4jEngineTest", environment)));
  }

  private static String contract(
      Class<? extends Engine> engine, String tests, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.awt.headless=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dspyhop.cache=" + System.getProperty("spyhop.cache", ""),
                "-cp",
                System.getProperty("java.class.path"),
                ContractRun.class.getName(),
                engine.getName(),
                tests)
            .redirectErrorStream(true);
    builder.environment().keySet().removeAll(OPENBLAS);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace("\r", "");
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("\nfailed: 0\n"), said);
    int succeeded = Integer.parseInt(said.replaceAll("(?s).*\nsucceeded: (\\d+)\n.*", "$1"));
    assertTrue(succeeded > 500, said);
    return said;
  }
}
