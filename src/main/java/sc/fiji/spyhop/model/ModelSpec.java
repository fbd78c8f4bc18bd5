package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

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
    @JsonProperty("task") Task<?, ?> task,
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
   * @param channels of the tensor, at least 1
   * @param colors whether channels are colours
   * @param fit how an image is brought to the size the network reads
   * @param normalization from pixel values to what the network reads, channels in the order of the
   *     tensor; measured on the whole image
   * @param pixelSize of the images it was trained on; where known, images of another size may need
   *     scaling
   * @param objects how large the objects are that it knows; where known, images are shown to it in
   *     a scale in which theirs are as large
   * @param images what the images looked like that it was trained on
   */
  public record Input(
      @JsonProperty("axes") Axes axes,
      @JsonProperty("channels") int channels,
      @JsonProperty("colors") Colors colors,
      @JsonProperty("fit") Resize fit,
      @JsonProperty("normalization") Normalization normalization,
      @JsonProperty("pixelSize") PixelSize pixelSize,
      @JsonProperty("objects") ObjectSizes objects,
      @JsonProperty("images") KnownImages images) {

    /**
     * Throws a {@link SpyhopException} if there is no channel, colours are not three channels, or
     * pixels have no size.
     */
    public Input {
      require(channels >= 1, "at least 1 input channel", channels);
      require(colors == Colors.NONE || channels == 3, "3 channels of colour", channels);
      require(
          pixelSize.width() > 0
              && pixelSize.height() > 0
              && Double.isFinite(pixelSize.width())
              && Double.isFinite(pixelSize.height()),
          "pixels of a size above 0",
          pixelSize.width() + " x " + pixelSize.height());
    }

    /** Nothing is known of the size of objects. */
    public Input(
        Axes axes,
        int channels,
        Colors colors,
        Resize fit,
        Normalization normalization,
        PixelSize pixelSize) {
      this(axes, channels, colors, fit, normalization, pixelSize, ObjectSizes.UNKNOWN);
    }

    /** Nothing is known of how images look. */
    public Input(
        Axes axes,
        int channels,
        Colors colors,
        Resize fit,
        Normalization normalization,
        PixelSize pixelSize,
        ObjectSizes objects) {
      this(axes, channels, colors, fit, normalization, pixelSize, objects, KnownImages.UNKNOWN);
    }

    /** The same with objects of some size. */
    public Input withObjects(ObjectSizes sizes) {
      return new Input(axes, channels, colors, fit, normalization, pixelSize, sizes, images);
    }

    /** The same where images looked otherwise. */
    public Input withImages(KnownImages known) {
      return new Input(axes, channels, colors, fit, normalization, pixelSize, objects, known);
    }

    /** The same with other intensities. */
    public Input withNormalization(Normalization other) {
      return new Input(axes, channels, colors, fit, other, pixelSize, objects, images);
    }

    /** The same of images of another pixel size. */
    public Input withPixelSize(PixelSize size) {
      return new Input(axes, channels, colors, fit, normalization, size, objects, images);
    }

    /** The same for images that are shown as large as they are. */
    public Input unscaled() {
      return new Input(
          axes, channels, colors, new Resize.AnySize(), normalization, pixelSize, objects, images);
    }

    /**
     * Images of any size and pixel size, whose channels are as they are.
     *
     * @param channels that the network takes
     */
    public static Input of(int channels, Normalization normalization) {
      return new Input(Axes.NCHW, channels, normalization, PixelSize.UNCALIBRATED);
    }

    /** The same for images that are brought to another size. */
    public Input withFit(Resize other) {
      return new Input(axes, channels, colors, other, normalization, pixelSize, objects, images);
    }

    /** Images of any size, whose channels are as they are. */
    public Input(Axes axes, int channels, Normalization normalization, PixelSize pixelSize) {
      this(axes, channels, Colors.NONE, new Resize.AnySize(), normalization, pixelSize);
    }

    /**
     * What the network reads of an image: its channels in order, in its size, normalised.
     *
     * @return [1, channels, height, width]
     * @throws SpyhopException if the image is empty, has other channels than can be shown, or
     *     pixels that are not finite numbers
     */
    public Tensor read(Frame frame) {
      return normalized(raw(frame), frame);
    }

    /**
     * Normalises what is shown of an image.
     *
     * @param raw from {@link #raw}; its values change
     */
    public Tensor normalized(Tensor raw, Frame frame) {
      normalization.fit(arranged(frame)).apply(raw.data(), channels);
      return raw;
    }

    /** What {@link #read} reads, with pixel values as they are. */
    public Tensor raw(Frame frame) {
      float[] values = fit.read(arranged(frame));
      Resize.View view = fit.view(frame.width(), frame.height());
      return new Tensor(Axes.NCHW, new int[] {1, channels, view.height(), view.width()}, values);
    }

    /**
     * An image with its channels in the order the network reads them.
     *
     * @throws SpyhopException if it has other channels than can be shown
     */
    public Frame arranged(Frame frame) {
      if (!colors.fits(frame.channels(), channels)) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected an image of %d channels, received %d.",
                frame.name(), channels, frame.channels()));
      }
      return colors.arrange(frame);
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

    /** Share of a tile of one size that is seen, but not told, at each side: an eighth. */
    private static final int OF_ONE_SIZE = 8;

    /** Largest tile and halo that can be asked for. */
    public static final int MAX_TILE = 16_384;

    /**
     * Throws a {@link SpyhopException} if the tile is not 16 to {@link #MAX_TILE} pixels, or the
     * halo above that.
     */
    public Inference {
      require(tile >= 16 && tile <= MAX_TILE, "a tile of 16 to " + MAX_TILE + " pixels", tile);
      require(halo >= 0 && halo <= MAX_TILE, "a halo of 0 to " + MAX_TILE + " pixels", halo);
    }

    /** Of parts for networks that look at all of what they are shown, where they take any size. */
    public static final int PART = 512;

    /**
     * Large tiles, and the halo that the network's receptive field asks for. Of networks that make
     * maps of images of one size, or that look at all of what they are shown, parts of one size, at
     * each side of which an eighth is seen but not told.
     */
    public static Inference of(Network network) {
      Shape takes = network.inputs().get(0).shape();
      boolean maps = Shapes.of(network).get(network.outputs().get(0)).rank() == 2;
      if (maps && takes.isFixed()) {
        return ofParts(Math.min(takes.space().get(0), takes.space().get(1)));
      }
      ReceptiveField field = ReceptiveField.of(network);
      if (field.isOfParts()) return ofParts(PART);
      int halo = Collections.max(field.alignedHalo());
      return new Inference(USUAL_TILE, Math.min(halo, MAX_TILE));
    }

    private static Inference ofParts(int side) {
      return new Inference(Math.max(16, side - 2 * (side / OF_ONE_SIZE)), side / OF_ONE_SIZE);
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

    /** The same with other figures. */
    public Training withFigures(Map<String, Double> others) {
      return new Training(command, software, data, date, device, seconds, epochs, seed, others);
    }

    /** Copies the figures, in order of their names. */
    public Training {
      figures = Collections.unmodifiableMap(new TreeMap<>(figures));
    }
  }

  /**
   * Throws a {@link SpyhopException} if the name is none that a file can have, see {@link #isName}.
   */
  public ModelSpec {
    require(
        isName(name), "a name of letters, digits, dots, hyphens and underscores", '"' + name + '"');
  }

  /**
   * Of a network from elsewhere, of which nothing more is known.
   *
   * @param network whose receptive field tells how large images are divided
   */
  public static ModelSpec of(String name, Task<?, ?> task, Input input, Network network) {
    return new ModelSpec(
        name, "", task, input, Inference.of(network), Training.UNKNOWN, "", "", "");
  }

  /** The same, with more said about it; see {@link ModelSpec}. */
  public ModelSpec withAbout(
      String newDescription, String newAuthor, String newLicense, String newCitation) {
    return new ModelSpec(
        name, newDescription, task, input, inference, training, newAuthor, newLicense, newCitation);
  }

  /** The same for another task. */
  public ModelSpec withTask(Task<?, ?> other) {
    return new ModelSpec(
        name, description, other, input, inference, training, author, license, citation);
  }

  /** Whether a model can be called so: names become those of files and of entries in archives. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  }

  /** The same with another input. */
  public ModelSpec withInput(Input other) {
    return new ModelSpec(
        name, description, task, other, inference, training, author, license, citation);
  }

  /** See {@link Task#names()}. */
  public List<String> names() {
    return task.names();
  }

  /**
   * The task, which has to be of some kind.
   *
   * @param asked for messages, such as {@code "segmentation"}
   * @throws SpyhopException if the model is for something else
   */
  public <K extends Task<?, ?>> K task(Class<K> type, String asked) {
    if (type.isInstance(task)) return type.cast(task);
    throw new SpyhopException(
        Strings.format(
            "Model %s is for %s: expected a model for %s. Choose another.",
            name, task.kind(), asked));
  }

  /** As the longer form. */
  public <K extends Task<?, ?>> K task(TaskKind<?, K> kind) {
    return task(kind.type(), kind.word());
  }

  /**
   * Refuses an image that the model cannot be shown.
   *
   * @throws SpyhopException if it has other channels than the model expects
   */
  public void requireChannels(Frame frame) {
    int expected = input.channels();
    if (input.colors().fits(frame.channels(), expected)) return;
    throw new SpyhopException(
        Strings.format(
            "%s: model %s expects %d channel%s, the image has %d. %s",
            frame.name(),
            name,
            expected,
            expected == 1 ? "" : "s",
            frame.channels(),
            expected == 1
                ? "Choose one with the setting channel, or convert the image to grey values."
                : "Give it an image with these channels, or choose another model."));
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException("Model: expected " + expected + ", received " + received + ".");
    }
  }
}
