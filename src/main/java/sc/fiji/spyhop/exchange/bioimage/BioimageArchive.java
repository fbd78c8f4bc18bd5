package sc.fiji.spyhop.exchange.bioimage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxModel;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Archive;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A model as others run it: a zip file with the network as ONNX and a description by the <a
 * href="https://bioimage.io">BioImage Model Zoo</a> (model RDF 0.5), for deepImageJ, ilastik and
 * Python. It covers what the network computes from pixel values; what a task makes of that (objects
 * from depth, say) has no words there.
 */
public final class BioimageArchive {

  private static final String INPUT = "test_input.npy";
  private static final String ONNX = "weights.onnx";
  private static final String COVER = "cover.png";
  private static final String DOCUMENTATION = "README.md";

  private final Map<String, Archive.Source> entries = new LinkedHashMap<>();

  /**
   * Prepares all but the weights.
   *
   * @param predictor from a normalised input to the network's outputs
   * @throws SpyhopException if there is something that the format cannot express
   */
  public BioimageArchive(Model model, Function<Tensor, List<Tensor>> predictor) {
    Model.Example example =
        asShown(model).withExample(testInput(model), predictor).example().orElseThrow();
    Imported written = Portable.with(model.spec(), model.network(), model.weights());
    OnnxModel onnx = OnnxExport.of(written.network(), written.weights());
    BioimageDescription description = new BioimageDescription(model, example);
    Map<String, Archive.Source> files = new LinkedHashMap<>();
    files.put(ONNX, out -> OnnxWriter.write(onnx, out));
    Map<String, String> scripts = ObjectScripts.of(model, ONNX);
    scripts.forEach((name, script) -> files.put(name, text(script)));
    files.put(DOCUMENTATION, text(BioimageReadme.of(model, files.keySet())));
    files.put(INPUT, bytes(NpyFile.bytes(example.input())));
    Map<String, BioimageDescription.FileReference> outputs = new LinkedHashMap<>();
    for (int i = 0; i < example.outputs().size(); i++) {
      String name = model.network().outputs().get(i);
      String file = "test_output_" + i + ".npy";
      files.put(file, bytes(NpyFile.bytes(Portable.said(model.spec(), example.outputs().get(i)))));
      outputs.put(name, reference(file, files));
    }
    List<BioimageDescription.FileReference> attachments =
        scripts.keySet().stream().map(name -> reference(name, files)).toList();
    Map<String, Object> rdf =
        new LinkedHashMap<>(
            description.all(
                reference(ONNX, files),
                reference(INPUT, files),
                outputs,
                DOCUMENTATION,
                attachments));
    model
        .presentation()
        .cover()
        .ifPresent(
            cover -> {
              files.put(COVER, bytes(cover.png()));
              rdf.put("covers", List.of(COVER));
            });
    entries.put("rdf.yaml", text(yaml(rdf)));
    entries.putAll(files);
  }

  /** What whoever exports a model should know of how other programs run it, a sentence each. */
  public static List<String> remarks(ModelSpec spec) {
    return BioimageRemarks.of(spec);
  }

  /** Described as one that is shown images in its own size and scale. */
  private static Model asShown(Model model) {
    ModelSpec.Input input = model.spec().input();
    Resize own = shown(input.fit(), model.network().inputs().get(0).shape());
    return model.withSpec(model.spec().withInput(input.withFit(own)));
  }

  /** How images in the size and scale of a network are shown to it: as they are. */
  static Resize shown(Resize fit, Shape takes) {
    return fit.isFixed() && takes.isFixed()
        ? new Resize.Stretch(takes.space().get(1), takes.space().get(0), Interpolation.NEAREST)
        : new Resize.AnySize();
  }

  /**
   * Writes the zip file to a stream, which stays open.
   *
   * @throws IOException if the stream fails
   */
  public void write(OutputStream out) throws IOException {
    Archive.write(out, entries);
  }

  /**
   * The model's example, continued by mirror images until it is of a size that the description
   * allows.
   */
  private static Tensor testInput(Model model) {
    Tensor example =
        model
            .example()
            .orElseThrow(
                () ->
                    new SpyhopException(
                        "Model "
                            + model.spec().name()
                            + " has no test input, which bioimage.io asks for."))
            .input();
    Network network = model.network();
    Shape shape = network.inputs().get(0).shape();
    if (!(model.spec().input().fit() instanceof Resize.AnySize)) {
      example = fitted(model.spec().input(), example);
    }
    if (shape.isFixed()) return example;
    ReceptiveField field = ReceptiveField.of(network);
    int height = BioimageDescription.smallest(field, 0, example.size('H'));
    int width = BioimageDescription.smallest(field, 1, example.size('W'));
    int channels = example.size('C');
    float[] values = new float[channels * height * width];
    for (int i = 0; i < values.length; i++) {
      int y = mirrored(i / width % height, example.size('H'));
      int x = mirrored(i % width, example.size('W'));
      values[i] = example.get(0, i / width / height, y, x);
    }
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, values);
  }

  /**
   * Pixel values in the size and scale that the network takes, colours as red, green and blue; to
   * bring them there has no words in the format.
   */
  private static Tensor fitted(ModelSpec.Input input, Tensor pixels) {
    int width = pixels.size('W');
    int height = pixels.size('H');
    Frame frame =
        new Frame(
            "test input",
            ArrayImgs.floats(pixels.data(), width, height, pixels.size('C')),
            input.pixelSize());
    Resize.View view = input.fit().view(width, height);
    return new Tensor(
        Axes.NCHW,
        new int[] {1, input.channels(), view.height(), view.width()},
        input.fit().read(frame));
  }

  private static int mirrored(int i, int size) {
    int k = i % (2 * size);
    return k < size ? k : 2 * size - 1 - k;
  }

  private static BioimageDescription.FileReference reference(
      String file, Map<String, Archive.Source> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        files.get(file).writeTo(out);
      }
      return new BioimageDescription.FileReference(file, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String yaml(Map<String, Object> fields) {
    try {
      return new YAMLMapper().writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Archive.Source text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Archive.Source bytes(byte[] bytes) {
    return out -> out.write(bytes);
  }
}
