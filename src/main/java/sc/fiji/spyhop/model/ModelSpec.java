package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.tensor.Axes;

/**
 * What has to be known about a network before it can be used: everything in {@code model.json} but
 * the architecture.
 *
 * @param name short, such as {@code nuclei}: letters, digits, dot, hyphen and underscore
 * @param description what it finds in what images, a sentence or two
 * @param task what it is for; holds the classes and how outputs are decoded
 * @param input what it reads
 * @param inference how it is run
 * @param training where its weights come from
 * @param author who answers for it; may be empty
 * @param license of the weights, an SPDX identifier where there is one; may be empty
 * @param citation what to cite; may be empty
 */
public record ModelSpec(
    @JsonProperty("name") String name,
    @JsonProperty("description") String description,
    @JsonProperty("task") SegmentationTask task,
    @JsonProperty("input") Input input,
    @JsonProperty("inference") Inference inference,
    @JsonProperty("training") Training training,
    @JsonProperty("author") String author,
    @JsonProperty("license") String license,
    @JsonProperty("citation") String citation) {

  /**
   * What a network reads.
   *
   * @param axes of the tensor
   * @param channels of the image, at least 1
   * @param normalization from pixel values to what the network reads
   * @param pixelSize of the images it was trained on; where known, images of another size may need
   *     scaling
   */
  public record Input(
      @JsonProperty("axes") Axes axes,
      @JsonProperty("channels") int channels,
      @JsonProperty("normalization") Normalization normalization,
      @JsonProperty("pixelSize") PixelSize pixelSize) {

    public Input {
      require(channels >= 1, "at least 1 input channel", channels);
    }
  }

  /**
   * How a network is run.
   *
   * @param tile width and height of a tile's core, in pixels, at least 16; smaller where memory is
   *     short
   * @param halo pixels seen around a tile, at least the radius of the receptive field if tiles are
   *     to give what the undivided image gives
   */
  public record Inference(@JsonProperty("tile") int tile, @JsonProperty("halo") int halo) {

    private static final int USUAL_TILE = 1024;

    /** Largest tile and halo that can be asked for. */
    public static final int MAX_TILE = 16_384;

    public Inference {
      require(tile >= 16 && tile <= MAX_TILE, "a tile of 16 to " + MAX_TILE + " pixels", tile);
      require(halo >= 0 && halo <= MAX_TILE, "a halo of 0 to " + MAX_TILE + " pixels", halo);
    }

    /** Large tiles, and the halo that the network's receptive field asks for. */
    public static Inference of(Network network) {
      int halo = Collections.max(ReceptiveField.of(network).alignedHalo());
      return new Inference(USUAL_TILE, Math.min(halo, MAX_TILE));
    }
  }

  /**
   * Where weights come from.
   *
   * @param command that trains them again; empty if there was none
   * @param software name and version
   * @param data what they were trained on, in words
   * @param date when, ISO 8601, such as {@code 2026-03-01}
   * @param device what they were trained on
   * @param seconds how long it took
   * @param epochs rounds over the data until the weights that were kept
   * @param seed of everything random
   * @param figures how good they are, by name, such as {@code validation F1}
   */
  public record Training(
      @JsonProperty("command") String command,
      @JsonProperty("software") String software,
      @JsonProperty("data") String data,
      @JsonProperty("date") String date,
      @JsonProperty("device") String device,
      @JsonProperty("seconds") double seconds,
      @JsonProperty("epochs") int epochs,
      @JsonProperty("seed") long seed,
      @JsonProperty("figures") Map<String, Double> figures) {

    /** Nothing is known. */
    public static final Training UNKNOWN = new Training("", "", "", "", "", 0, 0, 0, Map.of());

    public Training {
      figures = Collections.unmodifiableMap(new TreeMap<>(figures));
    }
  }

  public ModelSpec {
    require(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
        "a name of letters, digits, dots, hyphens and underscores",
        '"' + name + '"');
  }

  /** See {@link SegmentationTask#classes()}. */
  public List<String> classes() {
    return task.classes();
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException("Model: expected " + expected + ", received " + received + ".");
    }
  }
}
