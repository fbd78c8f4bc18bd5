package sc.fiji.spyhop.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;

/** What happens where ND4J's CUDA backend is on the class path, without it and without a GPU. */
class CudaTest {

  private static final Cuda.Driver NONE =
      () -> {
        throw new SpyhopException("no NVIDIA driver found");
      };

  private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

  private static final Logger LOGGER = Logger.getLogger(Cuda.class.getName());

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();
  private final Handler ear =
      new Handler() {
        @Override
        public void publish(LogRecord r) {
          assertEquals(null, r.getThrown());
          said.add(new SimpleFormatter().formatMessage(r));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(ear);
    LOGGER.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(ear);
    LOGGER.setUseParentHandlers(true);
  }

  /** A class path with something that looks like the backend, but for its native libraries. */
  private URLClassLoader backend() throws IOException {
    Path backend = folder.resolve(Cuda.BACKEND);
    Files.createDirectories(backend.getParent());
    Files.write(backend, new byte[0]);
    Path service = folder.resolve(SERVICE);
    Files.createDirectories(service.getParent());
    Files.writeString(service, "org.nd4j.linalg.jcublas.JCublasBackend\n");
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
  }

  @Test
  void withoutTheBackendNothingIsAskedOrSaid() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      Cuda cuda =
          new Cuda(
              empty,
              () -> {
                throw new AssertionError("asked");
              });
      assertFalse(cuda.isPresent());
      assertEquals(Optional.empty(), cuda.gpu());
    }
    assertEquals(List.of(), said);
  }

  @Test
  void withoutAGpuOneSentenceIsSaidOnce() throws IOException {
    try (URLClassLoader jars = backend()) {
      Cuda cuda = new Cuda(jars, NONE);
      assertTrue(cuda.isPresent());
      assertEquals(Optional.empty(), cuda.gpu());
      assertEquals(Optional.empty(), cuda.gpu());
    }
    assertEquals(
        List.of(
            "ND4J's CUDA backend is there but cannot be used (no NVIDIA driver found);"
                + " the CPU does the work."),
        said);
  }

  @Test
  void withoutCudaItselfOneSentenceIsSaid() throws IOException {
    try (URLClassLoader jars =
        new URLClassLoader(new URL[] {}, null) {
          @Override
          public URL getResource(String name) {
            return CudaTest.class.getResource("CudaTest.class");
          }
        }) {
      assertEquals(Optional.empty(), new Cuda(jars, () -> "Some GPU").gpu());
    }
    assertEquals(1, said.size());
    assertTrue(
        said.get(0).contains("org.bytedeco.cuda.global.cudart cannot be loaded"), said.get(0));
  }

  @Test
  void onlyTheServicesOfTheBackendAreHidden() throws IOException {
    try (URLClassLoader jars = backend()) {
      List<URL> all = Collections.list(jars.getResources(SERVICE));
      List<URL> shown = Collections.list(new WithoutCuda(jars).getResources(SERVICE));
      String hidden = folder.toUri().toURL().toString();
      assertTrue(all.stream().anyMatch(u -> u.toString().startsWith(hidden)));
      assertEquals(all.stream().filter(u -> !u.toString().startsWith(hidden)).toList(), shown);
      assertTrue(shown.stream().anyMatch(u -> u.toString().contains("nd4j-native")), "" + shown);
      assertTrue(new WithoutCuda(jars).getResources(Cuda.BACKEND).hasMoreElements());
    }
  }

  @Test
  void aGpuIsCalledByItsName() {
    Device gpu = Dl4jEngine.gpu("NVIDIA RTX A4000");
    assertEquals(Device.Kind.GPU, gpu.kind());
    assertEquals("GPU 0, NVIDIA RTX A4000, CUDA, ND4J", gpu.description());
  }
}
