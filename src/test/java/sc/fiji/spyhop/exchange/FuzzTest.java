package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.bioimage.BioimageArchive;
import sc.fiji.spyhop.exchange.bioimage.BioimageImport;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Safetensors;

/**
 * Readers of models and networks, given files that were changed at random: each is read, or refused
 * with a sentence, in at most five seconds and in the memory there is. The seed is fixed; {@code
 * -Dspyhop.fuzz=1000} tries more of each format.
 */
class FuzzTest {

  private static final int EACH = Integer.getInteger("spyhop.fuzz", 25);
  private static final long SEED = Long.getLong("spyhop.fuzz.seed", 1);
  private static final int SECONDS = 5;

  private static final String PROTOTXT =
      """
      name: "net"
      input: "data"
      input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
      layer { name: "c" type: "Convolution" bottom: "data" top: "c"
        convolution_param { num_output: 2 kernel_size: 3 pad: 1 } }
      layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
      layer { name: "s" type: "Softmax" bottom: "p" top: "s" }
      """;

  @TempDir Path folder;

  private interface Reader {
    void read(Path file) throws Exception;
  }

  private record Format(String name, byte[] sound, Reader reader) {}

  private static void network(Path file) {
    Source.of(file).read(Optional.of(List.of(16, 16)));
  }

  private static BioimageArchive archive(Model model) {
    ModelSpec s = model.spec();
    ModelSpec named =
        new ModelSpec(
            s.name(), "", s.task(), s.input(), s.inference(), s.training(), "me", "MIT", "");
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor =
        engine.predictor(model.network(), model.weights(), engine.devices().get(0))) {
      String input = model.network().inputs().get(0).name();
      return new BioimageArchive(model.withSpec(named), t -> predictor.predict(Map.of(input, t)));
    }
  }

  private static void described(Path path) {
    new BioimageImport(path, NetworkImport.About.named("described"), "").run(Progress.NONE);
  }

  private List<Format> formats() throws IOException {
    List<Format> formats = new ArrayList<>();
    Path model = Discs.model(folder);
    Model read = ModelFile.read(model);
    formats.add(new Format("net.spyhop", Files.readAllBytes(model), ModelFile::read));
    formats.add(new Format("spec.spyhop", Files.readAllBytes(model), ModelFile::readSpec));
    formats.add(new Format("pipeline.spyhop", Files.readAllBytes(model), PipelineFile::read));
    Path onnx = folder.resolve("sound.onnx");
    var exported = OnnxExport.of(read.network(), read.weights());
    AtomicFile.write(onnx, out -> OnnxWriter.write(exported, out));
    formats.add(new Format("net.onnx", Files.readAllBytes(onnx), FuzzTest::network));
    Path described = folder.resolve("sound.zip");
    AtomicFile.write(described, archive(NetworkImport.withExample(read))::write);
    formats.add(new Format("described.zip", Files.readAllBytes(described), FuzzTest::described));
    try (ZipFile zip = new ZipFile(described.toFile())) {
      for (String name : List.of("weights.onnx", "test_input.npy", "test_output_0.npy")) {
        byte[] entry = zip.getInputStream(zip.getEntry(name)).readAllBytes();
        Files.write(folder.resolve(name), entry);
      }
      byte[] rdf = zip.getInputStream(zip.getEntry("rdf.yaml")).readAllBytes();
      formats.add(new Format("rdf.yaml", rdf, FuzzTest::described));
    }
    Path tensors = folder.resolve("sound.safetensors");
    Safetensors.write(tensors, read.weights(), Map.of("progress", "{\"options\":{}}"));
    formats.add(new Format("net.safetensors", Files.readAllBytes(tensors), Safetensors::read));
    for (String name : List.of("classifier", "map", "sequential")) {
      try (InputStream in = FuzzTest.class.getResourceAsStream("keras/" + name + ".h5.gz")) {
        byte[] keras = new GZIPInputStream(in).readAllBytes();
        formats.add(new Format(name + ".h5", keras, FuzzTest::network));
      }
    }
    Files.write(folder.resolve("net.caffemodel"), new byte[] {10, 3, 'n', 'e', 't'});
    formats.add(new Format("net.prototxt", PROTOTXT.getBytes("UTF-8"), FuzzTest::network));
    Map<String, String> names = new LinkedHashMap<>();
    names.put("a.json", "{\"0\": [\"n01\", \"tench\"], \"1\": [\"n02\", \"shark\"]}");
    names.put("b.csv", "index,class\n0,a\n1,\"b, c\"\n");
    names.put("c.txt", "a\nb\n\"c\"\n");
    names.forEach(
        (name, text) ->
            formats.add(
                new Format(
                    name,
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    f -> ClassNames.read(f.toString()))));
    return formats;
  }

  @Test
  void changedFilesAreReadOrRefused() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> faults = new ArrayList<>();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (Format format : formats()) {
        Path file = folder.resolve(format.name());
        for (int i = 0; i < EACH; i++) {
          Files.write(file, changed(format.sound(), random));
          String fault = fault(thread, format, file);
          if (!fault.isEmpty()) faults.add(format.name() + ", number " + i + ": " + fault);
          if (fault.startsWith("no end")) fail(String.join("\n", faults));
        }
        Files.delete(file);
      }
    } finally {
      thread.shutdownNow();
    }
    assertEquals(List.of(), faults, "seed " + SEED);
  }

  @Test
  void whatIsNestedDeeplyIsReadOrRefused() throws Exception {
    List<String> faults = new ArrayList<>();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    String deep = "[".repeat(200_000);
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("deep.json", f -> ClassNames.read(f.toString()));
    readers.put("deep.safetensors", Safetensors::read);
    readers.put("deep.prototxt", FuzzTest::network);
    try {
      for (Map.Entry<String, Reader> r : readers.entrySet()) {
        Path file = folder.resolve(r.getKey());
        byte[] content = ("{\"a\":" + deep).getBytes("UTF-8");
        if (r.getKey().endsWith("safetensors")) {
          content =
              ByteBuffer.allocate(8 + content.length)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(content.length)
                  .put(content)
                  .array();
        }
        if (r.getKey().endsWith("prototxt")) content = "layer { ".repeat(200_000).getBytes("UTF-8");
        Files.write(file, content);
        String fault = fault(thread, new Format(r.getKey(), content, r.getValue()), file);
        if (!fault.isEmpty()) faults.add(r.getKey() + ": " + fault);
      }
    } finally {
      thread.shutdownNow();
    }
    assertEquals(List.of(), faults);
  }

  /** Empty if all is well. */
  private static String fault(ExecutorService thread, Format format, Path file) throws Exception {
    try {
      thread
          .submit(
              () -> {
                format.reader().read(file);
                return null;
              })
          .get(SECONDS, TimeUnit.SECONDS);
      return "";
    } catch (TimeoutException e) {
      return "no end within " + SECONDS + " seconds";
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof SpyhopException || cause instanceof IOException) return "";
      StackTraceElement[] trace = cause.getStackTrace();
      return cause
          + " at "
          + Arrays.stream(trace)
              .limit(200)
              .filter(t -> t.getClassName().contains("spyhop"))
              .limit(3)
              .toList();
    }
  }

  private static byte[] changed(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    int changes = 1 + random.nextInt(4);
    for (int k = 0; k < changes && bytes.length > 0; k++) {
      // most of what a reader looks at is at the beginning
      int end = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 2048);
      int at = random.nextInt(end);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> {
          byte[] extreme = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 0, 0, (byte) 0x80};
          System.arraycopy(extreme, 0, bytes, at, Math.min(8, bytes.length - at));
        }
        case 4 -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
          System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
          bytes = longer;
        }
        default -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          System.arraycopy(bytes, at + length, bytes, at, bytes.length - at - length);
          bytes = Arrays.copyOf(bytes, bytes.length - length);
        }
      }
    }
    return bytes;
  }
}
