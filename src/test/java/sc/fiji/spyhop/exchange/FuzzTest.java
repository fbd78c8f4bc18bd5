package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.bioimage.BioimageArchive;
import sc.fiji.spyhop.exchange.bioimage.BioimageImport;
import sc.fiji.spyhop.exchange.dl4j.Dl4jExport;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.ChangedFiles;
import sc.fiji.spyhop.weights.Safetensors;

/**
 * Readers of models and networks, given files that were changed at random: each is read, or refused
 * with a sentence, in at most five seconds and in the memory there is. The seed is fixed; {@code
 * -Dspyhop.fuzz=1000} tries more of each format.
 */
class FuzzTest {

  private static final int EACH = Integer.getInteger("spyhop.fuzz", 25);
  private static final long SEED = Long.getLong("spyhop.fuzz.seed", 1);

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

  private record Format(String name, byte[] sound, ChangedFiles.Reader reader) {}

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

  private static Map<String, byte[]> entries(Path zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry e : file.stream().toList()) {
        entries.put(e.getName(), file.getInputStream(e).readAllBytes());
      }
    }
    return entries;
  }

  /** A zip file with one of its entries changed. */
  private static Path packed(Map<String, byte[]> entries, String name, Path changed)
      throws IOException {
    Path zip = changed.resolveSibling("packed.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(e.getKey()));
        out.write(e.getKey().equals(name) ? Files.readAllBytes(changed) : e.getValue());
      }
    }
    return zip;
  }

  /** Weights and bias of the convolution, as caffe.proto numbers them. */
  private static byte[] caffeModel() throws IOException {
    byte[] weights = blob(new int[] {2, 3, 3, 3}, 54);
    byte[] bias = blob(new int[] {2}, 2);
    byte[] layer =
        message(
            out -> {
              out.writeString(1, "c");
              out.writeString(2, "Convolution");
              out.writeByteArray(7, weights);
              out.writeByteArray(7, bias);
            });
    return message(
        out -> {
          out.writeString(1, "net");
          out.writeByteArray(100, layer);
        });
  }

  private static byte[] blob(int[] shape, int values) throws IOException {
    byte[] sizes =
        message(
            out -> {
              for (int size : shape) out.writeInt64(1, size);
            });
    byte[] data =
        message(
            out -> {
              for (int i = 0; i < values; i++) out.writeFloatNoTag(i);
            });
    return message(
        out -> {
          out.writeByteArray(7, sizes);
          out.writeByteArray(5, data);
        });
  }

  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    content.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** Else all of its changes would be refused for one reason. */
  @Test
  void theSoundNetworkOfCaffeIsRead() throws IOException {
    Files.writeString(folder.resolve("net.prototxt"), PROTOTXT);
    Path file = Files.write(folder.resolve("net.caffemodel"), caffeModel());
    Imported read = Source.of(file).read(Optional.empty());
    assertEquals(53, read.weights().get("c.weight").data()[53]);
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
    Path dl4j = folder.resolve("sound-dl4j.zip");
    AtomicFile.write(dl4j, Dl4jExport.of(read.network(), read.weights())::write);
    formats.add(new Format("net.zip", Files.readAllBytes(dl4j), FuzzTest::network));
    Map<String, byte[]> entries = entries(dl4j);
    entries.forEach(
        (name, bytes) ->
            formats.add(new Format(name, bytes, f -> network(packed(entries, name, f)))));
    Path tensors = folder.resolve("sound.safetensors");
    Safetensors.write(tensors, read.weights(), Map.of("progress", "{\"options\":{}}"));
    formats.add(new Format("net.safetensors", Files.readAllBytes(tensors), Safetensors::read));
    for (String name : List.of("classifier.h5", "map.h5", "sequential.h5", "archive.keras")) {
      try (InputStream in = FuzzTest.class.getResourceAsStream("keras/" + name + ".gz")) {
        byte[] keras = new GZIPInputStream(in).readAllBytes();
        formats.add(new Format(name, keras, FuzzTest::network));
      }
    }
    Files.write(folder.resolve("net.caffemodel"), new byte[] {10, 3, 'n', 'e', 't'});
    formats.add(new Format("net.prototxt", PROTOTXT.getBytes("UTF-8"), FuzzTest::network));
    Path caffe = Files.createDirectories(folder.resolve("caffe"));
    Files.writeString(caffe.resolve("net.prototxt"), PROTOTXT);
    formats.add(new Format("caffe/net.caffemodel", caffeModel(), FuzzTest::network));
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
          Files.write(file, ChangedFiles.changed(format.sound(), random));
          String fault = ChangedFiles.fault(thread, format.reader(), file);
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
    Map<String, ChangedFiles.Reader> readers = new LinkedHashMap<>();
    readers.put("deep.json", f -> ClassNames.read(f.toString()));
    readers.put("deep.safetensors", Safetensors::read);
    readers.put("deep.prototxt", FuzzTest::network);
    try {
      for (Map.Entry<String, ChangedFiles.Reader> r : readers.entrySet()) {
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
        String fault = ChangedFiles.fault(thread, r.getValue(), file);
        if (!fault.isEmpty()) faults.add(r.getKey() + ": " + fault);
      }
    } finally {
      thread.shutdownNow();
    }
    assertEquals(List.of(), faults);
  }
}
