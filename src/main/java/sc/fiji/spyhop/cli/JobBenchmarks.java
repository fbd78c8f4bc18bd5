package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.benchmark.Benchmarks;
import sc.fiji.spyhop.util.Folders;

/** Times whole jobs on painted images, from files to files, the start of Java left out. */
final class JobBenchmarks {

  private static final int RUNS = 3;

  /**
   * A folder of images to segment.
   *
   * @param size of each, such as {@code 2048x2048}
   */
  private record Job(String name, int images, String size) {}

  private static final List<Job> JOBS =
      List.of(
          new Job("segment 2048x2048", 1, "2048x2048"),
          new Job("segment 100 128x128", 100, "128x128"));

  private JobBenchmarks() {}

  static List<String> names() {
    return JOBS.stream().map(Job::name).toList();
  }

  /** Runs those whose name contains a text. */
  static void run(String device, String filter, Consumer<Benchmarks.Result> listener) {
    for (Job job : JOBS) {
      if (!job.name.contains(filter)) continue;
      try {
        listener.accept(time(job, device));
      } catch (IOException e) {
        throw Folders.cannotWriteTemporary("The images of the benchmark", e);
      }
    }
  }

  private static Benchmarks.Result time(Job job, String device) throws IOException {
    Path folder = Files.createTempDirectory("spyhop-benchmark");
    try {
      String data = folder.resolve("data").toString();
      String output = folder.resolve("output").toString();
      String count = Integer.toString(job.images);
      run("sample", "nuclei", "--count", count, "--size", job.size, "--output", data);
      double[] ms = new double[RUNS];
      for (int i = -1; i < RUNS; i++) {
        long start = System.nanoTime();
        run("segment", "--force", "--output", output, data);
        if (i >= 0) ms[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(ms);
      return new Benchmarks.Result(job.name, job.images, ms[RUNS / 2], ms[0], RUNS, device);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
      }
    }
  }

  private static void run(String... line) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    if (Spyhop.run(writer, writer, line) != ExitCode.OK) {
      throw new SpyhopException("spyhop " + String.join(" ", line) + " failed: " + said);
    }
  }
}
