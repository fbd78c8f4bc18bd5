package sc.fiji.spyhop.engine.dl4j;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Hides from ND4J the services of its CUDA backend's jar, so that it takes the one for CPUs. */
final class WithoutCuda extends ClassLoader {

  private final String hidden;

  WithoutCuda(ClassLoader parent) {
    super(parent);
    URL backend = parent.getResource(Cuda.BACKEND);
    String path = backend == null ? "" : backend.toString();
    hidden = path.substring(0, Math.max(0, path.length() - Cuda.BACKEND.length()));
  }

  private boolean isHidden(String name, URL url) {
    return !hidden.isEmpty()
        && name.startsWith("META-INF/services/")
        && url.toString().startsWith(hidden);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = Collections.list(getParent().getResources(name));
    all.removeIf(url -> isHidden(name, url));
    return Collections.enumeration(all);
  }
}
