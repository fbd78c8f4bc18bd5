package sc.fiji.spyhop.plugin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.function.Executable;

/**
 * Jars as others make them: compiled against what is shipped, and on no class path of the tests.
 */
public final class ExtensionJar {

  /** Sources of the examples of the page on extensions. */
  public static final Path SOURCES = Path.of("src/test/extension");

  private ExtensionJar() {}

  /** The jars of all {@link #SOURCES}. */
  public static List<Path> all(Path folder) throws IOException {
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path f : files.sorted().toList()) {
        jars.add(of(folder, f.getFileName().toString().replace(".java", "")));
      }
    }
    return jars;
  }

  /** The jar of one of the {@link #SOURCES}. */
  public static Path of(Path folder, String name) throws IOException {
    return of(folder, name, Files.readString(SOURCES.resolve(name + ".java")), name + ".jar");
  }

  /**
   * A jar.
   *
   * @param name of the class
   * @param file name of the jar
   */
  public static Path of(Path folder, String name, String source, String file) throws IOException {
    Path at = Files.createDirectory(folder.resolve(file.replace(".jar", "")));
    Path written = Files.writeString(at.resolve(name + ".java"), source);
    Path classes = Files.createDirectory(at.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-processor",
              "org.scijava.annotations.AnnotationProcessor",
              "-cp",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      assertTrue(
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(written))
              .call(),
          said::toString);
    }
    Path jar = folder.resolve(file);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> all = Files.walk(classes)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(one).toString().replace('\\', '/')));
        out.write(Files.readAllBytes(one));
      }
    }
    return jar;
  }

  /** Work while jars are on the class path. */
  public static void with(List<Path> jars, Executable work) throws Throwable {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) urls[i] = jars.get(i).toUri().toURL();
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      Thread.currentThread().setContextClassLoader(loader);
      work.execute();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
